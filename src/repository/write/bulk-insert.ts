import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { assertNotAborted } from '../../abort-listener.js';
import type { OptionNames } from '../../options/index.js';
import type { DeepPartial } from '../../query/index.js';
import { BatchRoom } from '../commit/batch-room.js';
import { followAll } from '../lifecycle/after-write.js';
import { heardBy } from '../lifecycle/heard.js';
import { ChunkPace } from '../commit/chunk-pace.js';
import { commitGroup, isBatchable } from '../commit/commit.js';
import type { EntityContext } from '../entity-context.js';
import { invalidOption } from '../requests/option-errors.js';
import { slugTextIn } from '../prepare/name-entity.js';
import { duplicateSlug, bulkInsertAborted, notRecords } from '../prepare/record-errors.js';
import { isOutcomeUnknown } from '../../protocol/requests/unknown-outcome.js';
import { BulkInsertError } from '../prepare/write-errors.js';
import { prepareUpsert } from '../prepare/prepare-insert.js';
import type { PreparedWrite } from '../prepare/prepared-write.js';
import type { BulkInsertResult } from '../requests/results.js';
import type { ListenerOptions, WriteRequest } from '../requests/write-options.js';
import { checkFunction, checkListeners, checkNames, requestOf } from '../requests/write-options.js';

const OPTIONS: OptionNames<BulkInsertOptions> = {
  chunkSize: true,
  listeners: true,
  onProgress: true,
  signal: true,
};

/** Records to insert: entities or plain objects, of which only one chunk at a time needs to be in memory. */
export type RecordSource<T> = Iterable<DeepPartial<T>> | AsyncIterable<DeepPartial<T>>;

/** How far an `insertMany` has come. */
export interface BulkInsertProgress {
  /** Records written so far. */
  readonly done: number;
  /** Records in all; undefined when the source does not tell. */
  readonly total: number | undefined;
}

/** Options of `insertMany`. */
export interface BulkInsertOptions extends WriteRequest, ListenerOptions {
  /**
   * The most records in one chunk. A chunk ends sooner when it fills an atomic batch (1000 operations, 100,000 leaves), and has
   * fewer, down to 50 operations, where those before took longer than about a second. Default 500.
   */
  readonly chunkSize?: number;
  /** Called after each chunk. What it throws ends the insertion. */
  readonly onProgress?: (progress: BulkInsertProgress) => void;
}

const DEFAULT_CHUNK_SIZE = 500;

/** Inserts any number of records, chunk by chunk. */
export async function insertMany<T extends object>(
  context: EntityContext<T>,
  records: RecordSource<T>,
  options: BulkInsertOptions,
): Promise<BulkInsertResult> {
  checkOptions(options);
  if (!isIterable(records)) throw notRecords(context.metadata, records);
  const insertion = new BulkInsertion(heardBy(context, options), totalOf(records), options);
  try {
    if (Symbol.asyncIterator in records) {
      for await (const record of records) await insertion.add(record);
    } else {
      for (const record of records) {
        const busy = insertion.add(record);
        if (busy !== undefined) await busy;
      }
    }
    return await insertion.finish();
  } catch (error) {
    throw insertion.stoppedBy(error);
  }
}

/** One call of `insertMany`: gathers records until a chunk is full, then sends it. */
class BulkInsertion<T extends object> {
  readonly #context: EntityContext<T>;
  readonly #total: number | undefined;
  readonly #options: BulkInsertOptions;
  readonly #chunkSize: number;
  readonly #pace: ChunkPace;
  readonly #positions = new Map<string, number>();
  #chunk: PreparedWrite[] = [];
  /** The position of the chunk's first record. */
  #chunkStart = 0;
  #room: BatchRoom;
  #begun = 0;
  #done = 0;
  #storeSeq: number | null = null;
  #stop: BulkInsertError | undefined;

  constructor(context: EntityContext<T>, total: number | undefined, options: BulkInsertOptions) {
    this.#context = context;
    this.#total = total;
    this.#options = options;
    const { chunkSize = DEFAULT_CHUNK_SIZE } = options;
    this.#chunkSize = chunkSize;
    this.#pace = new ChunkPace(context.clock, context.transport.capabilities);
    this.#room = new BatchRoom(this.#pace.operations);
  }

  /** Resolves when the next record may come; undefined when it may come at once. */
  add(record: unknown): Promise<void> | undefined {
    const write = this.#prepare(record, this.#begun++);
    return write instanceof Promise ? write.then((prepared) => this.#push(prepared)) : this.#push(write);
  }

  async finish(): Promise<BulkInsertResult> {
    await this.#send();
    return { storeSeq: this.#storeSeq, affected: this.#done };
  }

  /** The error to end with, for whatever was thrown: what is not of a record comes from the source, or from `onProgress`. */
  stoppedBy(error: unknown): BulkInsertError {
    return this.#stop ?? this.#stoppedAt(this.#begun, undefined, error);
  }

  #prepare(record: unknown, index: number): PreparedWrite | Promise<PreparedWrite> {
    const fail = (error: unknown): never => {
      throw this.#stoppedAt(index, slugTextIn(record, this.#context.metadata.slugProperty), error);
    };
    try {
      if (this.#options.signal?.aborted === true) throw bulkInsertAborted(this.#options.signal.reason);
      const write = prepareUpsert(this.#context, record);
      return write instanceof Promise
        ? write.then((prepared) => this.#claimSlug(prepared, index)).catch(fail)
        : this.#claimSlug(write, index);
    } catch (error) {
      return fail(error);
    }
  }

  #claimSlug(write: PreparedWrite, index: number): PreparedWrite {
    const first = this.#positions.get(write.slug);
    if (first !== undefined) throw duplicateSlug(first);
    this.#positions.set(write.slug, index);
    return write;
  }

  #push(write: PreparedWrite): Promise<void> | undefined {
    if (!this.#room.take(write)) return this.#send().then(() => this.#push(write));
    this.#chunk.push(write);
    return this.#chunk.length === this.#chunkSize ? this.#send() : undefined;
  }

  async #send(): Promise<void> {
    const chunk = this.#chunk;
    if (chunk.length === 0) return;
    const start = this.#chunkStart;
    this.#chunkStart += chunk.length;
    this.#chunk = [];
    // A store in memory answers within the turn: between two chunks others have theirs, and a signal is heard.
    if (start > 0) await turnOfTheLoop();
    const commit = () => commitGroup(chunk, requestOf(this.#options));
    const { results, failure } = await this.#pace.measure(this.#room.taken, commit);
    this.#room = new BatchRoom(this.#pace.operations);
    this.#done += results.length;
    for (const { revision } of results) this.#storeSeq = Math.max(this.#storeSeq ?? 0, revision);
    const thrown = await followAll(chunk);
    if (failure !== undefined) {
      const { error, index, others = [] } = failure;
      const unsettled = chunk.every(isBatchable)
        ? countUnsettled([error]) * (chunk.length - results.length)
        : countUnsettled([error, ...others]);
      throw this.#stoppedAt(start + index, chunk[index]?.slug, error, unsettled);
    }
    if (thrown !== undefined) {
      throw this.#stoppedAt(start + thrown.index, chunk[thrown.index]?.slug, thrown.error);
    }
    this.#options.onProgress?.({ done: this.#done, total: this.#total });
  }

  /** @param unsettled of how many records nobody knows whether they were written */
  #stoppedAt(index: number, slug: string | undefined, error: unknown, unsettled = 0): BulkInsertError {
    const at = { index, slug, landed: this.#done, unsettled };
    return (this.#stop = new BulkInsertError(this.#context.metadata, error, at));
  }
}

/** How many of these errors leave it open whether what they stopped was written. */
function countUnsettled(errors: readonly unknown[]): number {
  return errors.filter(isOutcomeUnknown).length;
}

function isIterable(records: unknown): boolean {
  return (
    typeof records === 'object' &&
    records !== null &&
    (Symbol.iterator in records || Symbol.asyncIterator in records)
  );
}

function totalOf(records: object): number | undefined {
  if (Array.isArray(records)) return records.length;
  return 'size' in records && typeof records.size === 'number' ? records.size : undefined;
}

function checkOptions(options: BulkInsertOptions): void {
  checkNames('insertMany', options, OPTIONS);
  checkListeners('insertMany', options);
  const { chunkSize } = options;
  if (chunkSize !== undefined && (!Number.isSafeInteger(chunkSize) || chunkSize < 1)) {
    throw invalidOption('insertMany', 'chunkSize', 'a positive integer', chunkSize);
  }
  if (options.onProgress !== undefined) checkFunction('insertMany', 'onProgress', options.onProgress);
  assertNotAborted(options.signal);
}
