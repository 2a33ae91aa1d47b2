import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { isDustError } from '../../errors.js';
import type { BatchOperation, BatchReceipt, RequestOptions } from '../../transport/transport.js';
import { MAX_BATCH_OPERATIONS } from '../../transport/transport.js';
import type { Clock } from '../../clock.js';
import { sizeInBatch } from './batch-room.js';
import { ChunkPace } from './chunk-pace.js';
import { groupsOf, runsOf } from './commit-groups.js';
import { stoppedBetweenRecords } from '../prepare/write-errors.js';
import { explained } from './position.js';
import type { PipelineOutcome } from './pipeline.js';
import { pipeline } from './pipeline.js';
import type { PreparedWrite } from '../prepare/prepared-write.js';
import type { WrittenRecord } from '../requests/results.js';
import { renewedWrites } from './renewed-writes.js';
import { executeWrite } from './write-executor.js';

/** How often a write is made again whose record somebody else has written to while it was brought up to date. */
const MAX_ATTEMPTS = 50;

/** A write that can be a part of an atomic batch. */
export interface BatchableWrite extends PreparedWrite {
  readonly operations: readonly BatchOperation[];
}

/** Whether the transport can commit the write as a part of a batch. */
export function isBatchable(write: PreparedWrite): write is BatchableWrite {
  return write.operations !== undefined && write.transport.capabilities.atomicBatch;
}

/**
 * Sends writes of any number of records and settles those that were committed: in atomic batches where the
 * transport has them, else one by one. What one batch can hold lands as a whole; of more, the batches are as large as the store
 * commits in about a second.
 *
 * @throws PartialWriteError naming the records that landed, when some did; else what stopped the first
 */
export async function commitWrites(
  writes: readonly PreparedWrite[],
  clock: Clock,
  options: RequestOptions = {},
): Promise<WrittenRecord[]> {
  const written: WrittenRecord[] = [];
  for (const run of runsOf(writes)) {
    const pace = new ChunkPace(clock, run[0].transport.capabilities);
    for (const group of groupsOf(run, () => pace.operations)) {
      // A store in memory answers within the turn: between two batches others have theirs, and a signal is heard.
      if (written.length > 0) await turnOfTheLoop();
      const operations = group.reduce((sum, write) => sum + sizeInBatch(write), 0);
      const { results, failure } = await pace.measure(operations, () => commitGroup(group, options));
      for (const result of results) written.push(result);
      if (failure === undefined) continue;
      const { error } = failure;
      if (written.length === 0 || !isDustError(error)) throw error;
      throw stoppedBetweenRecords(
        written.map(({ slug }) => slug),
        writes.length,
        error,
      );
    }
  }
  return written;
}

/** Sends writes that go to one store: as one batch if each of them can be part of one, else one by one. Never rejects. */
export async function commitGroup(
  writes: readonly PreparedWrite[],
  options: RequestOptions,
): Promise<PipelineOutcome<WrittenRecord>> {
  if (writes.length < 2 || !writes.every(isBatchable)) {
    return pipeline(writes, (write) => commitOne(write, options));
  }
  const outcome = await commitBatch(writes, options, { maySplit: true });
  return isDustError(outcome.failure?.error, 'not_implemented') && writes.every(goesWithoutBatch)
    ? pipeline(writes, (write) => commitOne(write, options))
    : outcome;
}

/** Whether the write, planned again, needs no batch: the transport may have learned that the server has no route for them. */
function goesWithoutBatch(write: PreparedWrite): boolean {
  return write.steps().every(({ kind }) => kind !== 'batch');
}

/** Sends one write by itself. */
export async function commitOne(write: PreparedWrite, options: RequestOptions = {}): Promise<WrittenRecord> {
  if (write.renewal === undefined) return sendOne(write, options);
  for (let attempt = 1; ; attempt++) {
    const { writes, isGuarded, failure } = await renewedWrites([write], options);
    if (failure !== undefined) throw failure.error;
    try {
      return await sendOne(writes[0] ?? write, options);
    } catch (error) {
      if (!isGuarded || attempt === MAX_ATTEMPTS || !isDustError(error, 'conflict')) throw error;
    }
  }
}

async function sendOne(write: PreparedWrite, options: RequestOptions): Promise<WrittenRecord> {
  try {
    const { storeSeq } = await executeWrite(write, options);
    return settle(write, storeSeq);
  } catch (error) {
    throw await explained(write, error);
  }
}

/**
 * Commits writes of one store, which must fit a batch, as a whole. Where records of older classes have to be brought up to date with
 * them, and one batch cannot hold that, too, it takes several where that may be. Never rejects.
 */
export async function commitBatch(
  writes: readonly BatchableWrite[],
  options: RequestOptions,
  { maySplit = false }: { readonly maySplit?: boolean } = {},
): Promise<PipelineOutcome<WrittenRecord>> {
  if (writes.every(({ renewal }) => renewal === undefined)) return sendBatch(writes, options);
  for (let attempt = 1; ; attempt++) {
    const { writes: ready = [], isGuarded = false, failure } = await renewedWrites(writes, options);
    if (failure !== undefined) return { results: [], failure };
    // The transport has just learned that the server has no batches, and says so.
    if (!ready.every(isBatchable)) return sendBatch(writes, options);
    const [first, ...others] = ready;
    if (maySplit && first !== undefined) {
      const groups = [...groupsOf([first, ...others], () => MAX_BATCH_OPERATIONS)];
      if (groups.length > 1) return commitParts(writes, groups, options);
    }
    const outcome = await sendBatch(ready, options);
    const isOvertaken = isGuarded && isDustError(outcome.failure?.error, 'conflict');
    if (!isOvertaken || attempt === MAX_ATTEMPTS) return outcome;
  }
}

/** Commits the parts of a batch that grew too large, one after the other, each as it has to be by then. */
async function commitParts(
  writes: readonly BatchableWrite[],
  groups: readonly (readonly PreparedWrite[])[],
  options: RequestOptions,
): Promise<PipelineOutcome<WrittenRecord>> {
  const results: WrittenRecord[] = [];
  let start = 0;
  for (const { length } of groups) {
    const outcome = await commitBatch(writes.slice(start, start + length), options, { maySplit: true });
    for (const result of outcome.results) results.push(result);
    const { failure } = outcome;
    if (failure !== undefined) return { results, failure: { ...failure, index: start + failure.index } };
    start += length;
  }
  return { results, failure: undefined };
}

async function sendBatch(
  writes: readonly BatchableWrite[],
  options: RequestOptions,
): Promise<PipelineOutcome<WrittenRecord>> {
  const [first] = writes;
  if (first === undefined) return { results: [], failure: undefined };
  const operations = writes.flatMap((write) => write.operations);
  if (operations.length === 0) {
    return { results: writes.map((write) => settle(write, 0)), failure: undefined };
  }
  let receipt: BatchReceipt;
  try {
    receipt = await first.transport.batchWrite(operations, options);
  } catch (error) {
    const index = indexOfCulprit(writes, error);
    const culprit = writes[index];
    return {
      results: [],
      failure: {
        error: culprit === undefined ? error : await explained(culprit, error),
        index: Math.max(0, index),
      },
    };
  }
  let end = 0;
  const results = writes.map((write) => {
    end += write.operations.length;
    return settle(write, receipt.operations[end - 1]?.storeSeq ?? receipt.storeSeq);
  });
  return { results, failure: undefined };
}

/** Which of the writes the refused operation of a batch belongs to; -1 where nothing tells. */
function indexOfCulprit(writes: readonly BatchableWrite[], error: unknown): number {
  const opIndex = isDustError(error) ? error.opIndex : undefined;
  if (opIndex === undefined) return -1;
  let end = 0;
  return writes.findIndex((write) => opIndex < (end += write.operations.length));
}

function settle(write: PreparedWrite, revision: number): WrittenRecord {
  write.settle(revision);
  return { slug: write.slug, revision };
}
