import type { Clock } from '../../clock.js';
import type { Logger } from '../../logging.js';
import type { EntityMapper, HydrateResult, RecordProblem, StoredRecord } from '../../mapping/types.js';
import type { Commit } from '../../protocol/requests/operation.js';
import { childPath, isBelow } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { OnInvalidRecord } from './invalid-record.js';
import { InvalidRecordError } from './invalid-record.js';
import { InvalidRecordLog } from './invalid-record-log.js';
import { Once } from './once.js';

/** The part of a mapper that makes entities. */
export type Hydrator<T extends object> = Pick<EntityMapper<T>, 'metadata' | 'hydrate'>;

/** Hands out stored records as entities, and deals with those that cannot be one. */
export class RecordGuard<T extends object> {
  readonly #mapper: Hydrator<T>;
  readonly #onInvalidRecord: OnInvalidRecord;
  readonly #logger: Logger;
  readonly #invalid: InvalidRecordLog;
  readonly #warnedNames = new Once();

  constructor(mapper: Hydrator<T>, onInvalidRecord: OnInvalidRecord, logger: Logger, clock?: Clock) {
    this.#mapper = mapper;
    this.#onInvalidRecord = onInvalidRecord;
    this.#logger = logger;
    this.#invalid = new InvalidRecordLog(mapper.metadata, logger, clock);
  }

  /**
   * The record as an entity; `undefined` when it cannot be one and `onInvalidRecord` let it pass. Warns of the first
   * such records and counts the others, and warns once of each unrecognised name.
   *
   * @throws InvalidRecordError when `onInvalidRecord` is `throw`; whatever it throws when it is a function
   */
  admit(record: StoredRecord): T | undefined {
    const result = this.#mapper.hydrate(record);
    if (result.problem === undefined) return this.#entityOf(result, record);
    this.#refuse(result.problem);
    return undefined;
  }

  /**
   * As {@link admit}, for a record as a commit left it. A writer may make a record leaf by leaf (PROTOCOL §7
   * "Insert-or-fail"): one that lacks required fields after a leaf of it was written is passed over in silence, for the
   * rest is on its way.
   */
  admitAfter(commit: Pick<Commit, 'operations'>, record: StoredRecord): T | undefined {
    const result = this.#mapper.hydrate(record);
    if (result.problem === undefined) return this.#entityOf(result, record);
    if (!this.#isBeingWritten(commit, result.problem)) this.#refuse(result.problem);
    return undefined;
  }

  /** Warns once of a leaf that lies where a record lies, and so belongs to none. */
  reportStray({ path }: Leaf): void {
    if (!this.#warnedNames.first(`stray ${path}`)) return;
    this.#logger.warn(
      `${this.#mapper.metadata.name} has no use for the value at ${JSON.stringify(path)}: fields lie one level ` +
        'deeper. It is left alone.',
    );
  }

  /** Tells what was counted of records that cannot be entities, and waits for nothing any more. */
  close(): void {
    this.#invalid.close();
  }

  #isBeingWritten(
    { operations }: Pick<Commit, 'operations'>,
    { slug, missing, upgrade }: RecordProblem,
  ): boolean {
    if (missing.length === 0 && upgrade === undefined) return false;
    const record = childPath(this.#mapper.metadata.prefixPath, slug);
    return operations.some(({ op, path }) => op !== 'delete' && isBelow(path, record));
  }

  #entityOf({ entity, unrecognised }: Extract<HydrateResult<T>, { entity: T }>, { slug }: StoredRecord): T {
    if (unrecognised !== undefined) this.#report(unrecognised, slug);
    return entity;
  }

  #refuse(problem: RecordProblem): void {
    const { metadata } = this.#mapper;
    if (this.#onInvalidRecord === 'throw') throw new InvalidRecordError(metadata, problem);
    if (this.#onInvalidRecord !== 'skip') {
      this.#onInvalidRecord(problem);
      return;
    }
    this.#invalid.note(problem);
  }

  #report(names: readonly string[], slug: string): void {
    for (const name of names) {
      if (!this.#warnedNames.first(`name ${name}`)) continue;
      this.#logger.warn(
        `${this.#mapper.metadata.name} has no field for ${JSON.stringify(name)}, found in ${JSON.stringify(slug)}. ` +
          'It is kept as it is; declare it, or delete it.',
      );
    }
  }
}
