import type { Leaf } from '../../protocol/values/value.js';
import type {
  RecordLeaves,
  LocalRecords,
  RecordAccess,
  RecordPosition,
} from '../../protocol/values/record-access.js';
import type { AccessPath } from '../plan/plan.js';
import { walksOf } from '../plan/plan.js';

type Step =
  | { readonly slugs: readonly string[] }
  | { readonly access: RecordAccess; readonly after?: RecordPosition | undefined };

/** The records of a path, read in as many turns of the event loop as its reader takes. */
export class PathCursor {
  readonly #steps: readonly Step[];
  /** Of paths that may have records in common, those seen so far. */
  readonly #seen: Set<string> | undefined;
  readonly #onStray: ((leaf: Leaf) => void) | undefined;
  #step = 0;
  /** In a list of slugs, how many are done. */
  #done = 0;
  /** In a walk, the place of the last record. */
  #position: RecordPosition | undefined;
  #passed = 0;

  constructor(path: AccessPath, onStray?: (leaf: Leaf) => void) {
    this.#onStray = onStray;
    this.#steps = stepsOf(path);
    this.#seen = path.by === 'several' ? new Set() : undefined;
  }

  /** How many places have been looked at. */
  get passed(): number {
    return this.#passed;
  }

  /** What comes next, within this turn; undefined for a slug without a record. Goes on where it was left the last time. */
  *read(records: LocalRecords): Generator<RecordLeaves | undefined, void, undefined> {
    while (this.#step < this.#steps.length) {
      const step = this.#steps[this.#step]!;
      yield* 'slugs' in step ? this.#named(records, step.slugs) : this.#walk(records, step);
      this.#next();
    }
  }

  #next(): void {
    this.#step++;
    this.#done = 0;
    this.#position = undefined;
  }

  *#named(
    records: LocalRecords,
    slugs: readonly string[],
  ): Generator<RecordLeaves | undefined, void, undefined> {
    while (this.#done < slugs.length) {
      const record = records.get(slugs[this.#done]!);
      this.#done++;
      yield this.#take(record);
    }
  }

  *#walk(
    records: LocalRecords,
    { access, after }: Extract<Step, { access: RecordAccess }>,
  ): Generator<RecordLeaves | undefined, void, undefined> {
    const walk = records.walk(access, this.#position ?? after, this.#onStray);
    try {
      for (const record of walk) yield this.#take(record);
    } finally {
      this.#position = walk.position ?? this.#position;
    }
  }

  #take(record: RecordLeaves | undefined): RecordLeaves | undefined {
    this.#passed++;
    if (record === undefined || this.#seen === undefined) return record;
    if (this.#seen.has(record.slug)) return undefined;
    this.#seen.add(record.slug);
    return record;
  }
}

function stepsOf(path: AccessPath): Step[] {
  if (path.by === 'several') return path.paths.flatMap(stepsOf);
  if (path.by === 'slugs') return [{ slugs: path.slugs }];
  if (path.by === 'index') return [{ access: path.access, after: path.after }];
  return (walksOf(path) ?? []).map((access) => ({ access }));
}
