import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { DustError } from '../../errors.js';
import { isDustError } from '../../errors.js';
import type { BatchOperation, BatchReceipt, RequestOptions } from '../../transport/transport.js';
import { MAX_BATCH_OPERATIONS } from '../../transport/transport.js';
import type { Clock } from '../../clock.js';
import { sizeInBatch } from './batch-room.js';
import { ChunkPace } from './chunk-pace.js';
import { groupsOf, runsOf } from './commit-groups.js';
import { batchGrown, contention } from '../prepare/record-errors.js';
import { explained } from './position.js';
import type { PipelineOutcome } from './pipeline.js';
import { pipeline } from './pipeline.js';
import type { PreparedWrite } from '../prepare/prepared-write.js';
import type { WrittenRecord } from '../requests/results.js';
import { looksAtRecord, renewedWrites } from './renewed-writes.js';
import { stoppedBetweenRecords } from './stopped-between-records.js';
import { executeWrite } from './write-executor.js';

/** How often a write is made again whose record somebody else has written to while it was brought up to date. */
const MAX_ATTEMPTS = 50;

/** How often several of them are made all together, where each may be made by itself. */
const MAX_TOGETHER = 3;

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
      throw stoppedBetweenRecords(
        written.map(({ slug }) => slug),
        writes.length,
        failure,
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
    return eachByItself(writes, options);
  }
  const outcome = await commitBatch(writes, options, { maySplit: true });
  return isDustError(outcome.failure?.error, 'not_implemented') && writes.every(goesWithoutBatch)
    ? eachByItself(writes, options)
    : outcome;
}

async function eachByItself(
  writes: readonly PreparedWrite[],
  options: RequestOptions,
): Promise<PipelineOutcome<WrittenRecord>> {
  const { results, failure } = await pipeline(writes, (write) => commitOne(write, options));
  return { results: results.flat(), failure };
}

/** Whether the write, planned again, needs no batch: the transport may have learned that the server has no route for them. */
function goesWithoutBatch(write: PreparedWrite): boolean {
  return write.steps().every(({ kind }) => kind !== 'batch');
}

/** Sends one write by itself. Resolves to what it wrote: nothing, where its record decided so. */
export async function commitOne(
  write: PreparedWrite,
  options: RequestOptions = {},
): Promise<WrittenRecord[]> {
  if (!looksAtRecord(write)) return [await sendOne(write, options)];
  for (let attempt = 1; ; attempt++) {
    const { writes, isGuarded, failure } = await renewedWrites([write], options);
    if (failure !== undefined) throw failure.error;
    const [ready = write] = writes;
    if (isOfNothing(ready)) return [];
    try {
      return [await sendOne(ready, options)];
    } catch (error) {
      if (!isGuarded || !isOvertaken(error, write)) throw error;
      if (attempt === MAX_ATTEMPTS) throw outran(write, error);
    }
  }
}

/** Whether nothing is to be written: its record decided so, or was to be brought up to date and is gone. */
function isOfNothing({ operations }: PreparedWrite): boolean {
  return operations?.length === 0;
}

/** Whether somebody else has written to the record since it was read. */
function isOvertaken(error: unknown, { decision }: PreparedWrite): error is DustError {
  if (isDustError(error, 'conflict')) return true;
  // Where there are no batches, a field is written where there is none. What is there may also be another record's value.
  return decision !== undefined && isDustError(error, 'exists') && error.detail !== 'duplicate';
}

function outran({ metadata, slug, path, decision }: PreparedWrite, error: DustError): DustError {
  return decision === undefined ? error : contention(metadata, slug, path, MAX_ATTEMPTS, error);
}

async function sendOne(write: PreparedWrite, options: RequestOptions): Promise<WrittenRecord> {
  try {
    const { storeSeq } = await executeWrite(write, options);
    return settle(write, storeSeq);
  } catch (error) {
    throw await explained(write, error);
  }
}

/** What came of a batch. */
interface BatchOutcome extends PipelineOutcome<WrittenRecord> {
  /** How many operations were committed, checks aside. */
  readonly operations: number;
}

/**
 * Commits writes of one store as a whole. Where one batch cannot hold what they are when they are sent, or other writers are faster again and
 * again with what is decided by records, it takes several where that may be. Never rejects.
 */
export async function commitBatch(
  writes: readonly BatchableWrite[],
  options: RequestOptions,
  { maySplit = false }: { readonly maySplit?: boolean } = {},
): Promise<BatchOutcome> {
  if (!writes.some(looksAtRecord)) return sendBatch(writes, options);
  for (let attempt = 1; ; attempt++) {
    const { writes: ready = [], isGuarded = false, failure } = await renewedWrites(writes, options);
    if (failure !== undefined) return { ...NOTHING_COMMITTED, failure };
    // The transport has just learned that the server has no batches, and says so.
    if (!ready.every(isBatchable)) return sendBatch(writes, options);
    const lengths = lengthsOfBatches(ready);
    if (lengths.length > 1) {
      if (maySplit) return commitParts(writes, lengths, options);
      const error = batchGrown(countOf(writes), countOf(ready));
      return { ...NOTHING_COMMITTED, failure: { error, index: 0 } };
    }
    const outcome = await sendBatch(ready, options);
    const { error } = outcome.failure ?? {};
    if (!isGuarded || !isDustError(error, 'conflict') || attempt === MAX_ATTEMPTS) return outcome;
    const isDecided = writes.every(({ decision }) => decision !== undefined);
    if (maySplit && isDecided && writes.length > 1 && attempt >= MAX_TOGETHER) {
      const half = Math.ceil(writes.length / 2);
      return commitParts(writes, [half, writes.length - half], options);
    }
  }
}

/** How many of the writes each batch takes that they go into: one for all, unless it is too small. */
function lengthsOfBatches([first, ...others]: readonly PreparedWrite[]): readonly number[] {
  if (first === undefined) return [];
  return Array.from(
    groupsOf([first, ...others], () => MAX_BATCH_OPERATIONS),
    ({ length }) => length,
  );
}

function countOf(writes: readonly BatchableWrite[]): number {
  return writes.reduce((sum, { operations }) => sum + operations.length, 0);
}

/** Commits parts of a batch one after the other, each as it has to be by then. */
async function commitParts(
  writes: readonly BatchableWrite[],
  lengths: readonly number[],
  options: RequestOptions,
): Promise<BatchOutcome> {
  const results: WrittenRecord[] = [];
  let operations = 0;
  let start = 0;
  for (const length of lengths) {
    const part = writes.slice(start, start + length);
    const outcome = await commitBatch(part, options, { maySplit: true });
    for (const result of outcome.results) results.push(result);
    operations += outcome.operations;
    const { failure } = outcome;
    if (failure !== undefined) {
      return { results, operations, failure: { ...failure, index: start + failure.index } };
    }
    start += length;
  }
  return { results, operations, failure: undefined };
}

const NOTHING_COMMITTED: BatchOutcome = { results: [], operations: 0, failure: undefined };

async function sendBatch(writes: readonly BatchableWrite[], options: RequestOptions): Promise<BatchOutcome> {
  const [first] = writes;
  if (first === undefined) return NOTHING_COMMITTED;
  const operations = writes.flatMap((write) => write.operations);
  if (operations.length === 0) return NOTHING_COMMITTED;
  let receipt: BatchReceipt;
  try {
    receipt = await first.transport.batchWrite(operations, options);
  } catch (error) {
    const index = indexOfCulprit(writes, error);
    const culprit = writes[index];
    return {
      ...NOTHING_COMMITTED,
      failure: {
        error: culprit === undefined ? error : await explained(culprit, error),
        index: Math.max(0, index),
      },
    };
  }
  let end = 0;
  const results: WrittenRecord[] = [];
  for (const write of writes) {
    end += write.operations.length;
    if (isOfNothing(write)) continue;
    results.push(settle(write, receipt.operations[end - 1]?.storeSeq ?? receipt.storeSeq));
  }
  return { results, operations: operations.filter(({ op }) => op !== 'check').length, failure: undefined };
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
