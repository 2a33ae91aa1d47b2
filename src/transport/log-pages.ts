import { MAX_PAGE_SIZE } from '../protocol/requests/listing.js';
import type { CommittedOperation } from '../protocol/requests/operation.js';
import { invalidCall } from '../protocol/requests/request-errors.js';
import type { LogPage, LogQuery } from './transport.js';

/** Operations as a store hands them out: oldest first, and maybe fewer than were asked for. */
export interface LogSlice {
  readonly operations: readonly CommittedOperation[];
  /** Whether there are others behind. */
  readonly more: boolean;
  /** The log keeps the operations from this seq on. */
  readonly firstSeq: number;
}

/** How a log is read that is read forwards only. */
export interface LogReading {
  /** At most `limit` operations behind `after`. */
  readonly read: (after: number, limit: number) => LogSlice | Promise<LogSlice>;
  /** The seq of the last operation. */
  readonly lastSeq: () => number | Promise<number>;
}

/**
 * One page of a log, in the order asked for. Seqs have no holes, so that a page from the end is found by its number.
 *
 * @throws DustError `invalid_params` with detail `invalid_seq`, `invalid_limit` or `invalid_order`; what reading throws
 */
export async function logPage(query: LogQuery, reading: LogReading): Promise<LogPage> {
  const { after = 0, before, limit = MAX_PAGE_SIZE, order = 'asc' } = query;
  checkSeq('after', after);
  if (before !== undefined) checkSeq('before', before);
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_PAGE_SIZE) {
    throw invalidCall(
      'invalid_limit',
      `A page holds 1 to ${MAX_PAGE_SIZE} operations, not ${String(limit)}.`,
    );
  }
  if (order === 'asc') return oldestFirst(reading, after, before, limit);
  if ((order as unknown) === 'desc') return newestFirst(reading, after, before, limit);
  throw invalidCall('invalid_order', `The order of a log is asc or desc, not ${JSON.stringify(order)}.`);
}

async function oldestFirst(
  { read }: LogReading,
  after: number,
  before: number | undefined,
  limit: number,
): Promise<LogPage> {
  const { operations: found, more, firstSeq } = await read(after, limit);
  const operations = before === undefined ? found : found.filter(({ storeSeq }) => storeSeq < before);
  const last = operations.at(-1);
  const isOver =
    last === undefined || !more || operations.length < found.length || last.storeSeq + 1 === before;
  return { operations, nextCursor: isOver ? null : last.storeSeq, firstSeq };
}

async function newestFirst(
  { read, lastSeq }: LogReading,
  after: number,
  before: number | undefined,
  limit: number,
): Promise<LogPage> {
  const last = await lastSeq();
  const end = before === undefined ? last : Math.min(before - 1, last);
  let slice = await read(Math.max(after, end - limit), limit);
  // Where values are long a slice ends early: what is kept of the page is its newest part.
  for (;;) {
    const reached = slice.operations.at(-1)?.storeSeq;
    if (reached === undefined || reached >= end || !slice.more) break;
    slice = await read(reached, end - reached);
  }
  const { firstSeq } = slice;
  const operations = slice.operations.filter(({ storeSeq }) => storeSeq > after && storeSeq <= end).reverse();
  const oldest = operations.at(-1)?.storeSeq;
  const isOver = oldest === undefined || oldest <= Math.max(firstSeq, after + 1);
  return { operations, nextCursor: isOver ? null : oldest, firstSeq };
}

function checkSeq(name: string, seq: number): void {
  if (Number.isSafeInteger(seq) && seq >= 0) return;
  throw invalidCall('invalid_seq', `"${name}" is a seq of 0 or more, not ${String(seq)}.`);
}
