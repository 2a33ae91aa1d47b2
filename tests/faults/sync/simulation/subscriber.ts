import type {
  Commit,
  CommittedOperation,
  RecordCommit,
} from '../../../../src/protocol/requests/operation.js';
import type { Leaf } from '../../../../src/protocol/values/value.js';
import type { CommittedStates } from './committed-states.js';
import { isOfSnapshot } from './committed-states.js';
import { applyChanges, changesOf, MemoryLeafTree } from '../../../../src/store/index.js';

/** What a {@link Subscriber} goes by. */
export interface SubscriberParts {
  /** The leaves it begins with. */
  readonly leaves: Iterable<Leaf>;
  /** How often the store has been restored. */
  readonly restores: () => number;
  readonly states: CommittedStates;
  /** What the mirror keeps; undefined is everything. */
  readonly prefixes: readonly string[] | undefined;
}

/**
 * What one subscriber can know: the leaves it began with, changed by what it was told, and the records as it was told
 * they were left. Notes what it should never have been told.
 */
export class Subscriber {
  readonly complaints: string[] = [];
  readonly #leaves = new MemoryLeafTree();
  readonly #records = new Map<string, readonly Leaf[]>();
  /** What the last seq brought: a snapshot brings many operations under one. */
  #seq = 0;
  readonly #pathsOfSeq = new Set<string>();
  #recordSeq = 0;
  /** How often the seq may go back: once for each time the store did. */
  readonly #restores: () => number;
  readonly #states: CommittedStates;
  readonly #prefixes: readonly string[] | undefined;
  #restoresSeen: number;
  #recordRestoresSeen: number;

  constructor({ leaves, restores, states, prefixes }: SubscriberParts) {
    this.#restores = restores;
    this.#states = states;
    this.#prefixes = prefixes;
    this.#restoresSeen = this.#recordRestoresSeen = restores();
    for (const leaf of leaves) {
      this.#leaves.put(leaf);
      const slug = slugOf(leaf.path);
      if (slug !== undefined) this.#records.set(slug, [...(this.#records.get(slug) ?? []), leaf]);
    }
  }

  readonly onCommit = (commit: Commit): void => {
    const { first, last, operations } = commit;
    if (!this.#states.isWhole(commit, this.#prefixes)) {
      this.complaints.push(`heard of ${first} to ${last} as of a commit, and there was none`);
    }
    for (const operation of operations) this.#onOperation(operation);
  };

  readonly onRecords = (commits: readonly RecordCommit[]): void => {
    for (const commit of commits) this.#onRecordCommit(commit);
  };

  #onOperation(operation: CommittedOperation): void {
    const { storeSeq, path } = operation;
    const isAgain = storeSeq === this.#seq && this.#pathsOfSeq.has(path);
    if (storeSeq < this.#seq || isAgain) {
      if (this.#restoresSeen === this.#restores()) {
        this.complaints.push(`heard of operation ${storeSeq} at ${path} after ${this.#seq}`);
      }
      this.#restoresSeen = this.#oneMoreThan(this.#restoresSeen);
      this.#pathsOfSeq.clear();
    }
    if (storeSeq !== this.#seq) this.#pathsOfSeq.clear();
    this.#pathsOfSeq.add(path);
    this.#seq = storeSeq;
    applyChanges(changesOf(operation, this.#leaves), this.#leaves);
  }

  #onRecordCommit({ last: storeSeq, operations, records }: RecordCommit): void {
    // A mirror that begins again may end up where it was, with other revisions.
    const isAgain = storeSeq === this.#recordSeq && !isOfSnapshot(operations);
    if ((storeSeq < this.#recordSeq || isAgain) && this.#recordRestoresSeen === this.#restores()) {
      this.complaints.push(`heard of the records of ${storeSeq} after ${this.#recordSeq}`);
    }
    if (storeSeq <= this.#recordSeq) this.#recordRestoresSeen = this.#oneMoreThan(this.#recordRestoresSeen);
    this.#recordSeq = storeSeq;
    for (const { slug, leaves, existed } of records) {
      if (!this.#states.holds(storeSeq, leaves, `${RECORDS}/${slug}`)) {
        this.complaints.push(`was shown ${slug} at ${storeSeq} as it never stood`);
      }
      if (existed !== this.#records.has(slug)) {
        this.complaints.push(`heard that ${slug} ${existed ? 'existed' : 'was new'} at ${storeSeq}`);
      }
      if (leaves.length === 0) this.#records.delete(slug);
      else this.#records.set(slug, leaves);
    }
  }

  /** Of two restores in a row the second may be heard of much later than the first. */
  #oneMoreThan(restoresSeen: number): number {
    return Math.min(restoresSeen + 1, this.#restores());
  }

  /** The leaves as the operations left them. */
  leaves(): Leaf[] {
    return [...this.#leaves.range({})];
  }

  /** The leaves of all records as they were told, in store order. */
  recordLeaves(): Leaf[] {
    return [...this.#records].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, leaves]) => leaves);
  }
}

/** The prefix whose records subscribers watch. */
export const RECORDS = 'links';

/** The record that a path lies in. */
export function slugOf(path: string): string | undefined {
  const [prefix, slug] = path.split('/');
  return prefix === RECORDS ? slug : undefined;
}
