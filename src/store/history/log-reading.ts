import { MAX_PAGE_SIZE } from '../../protocol/requests/listing.js';
import type { CommittedOperation } from '../../protocol/requests/operation.js';
import { invalidCall } from '../../protocol/requests/request-errors.js';
import { weightOf } from '../../protocol/values/weight.js';
import type { StoreStorage } from '../storage.js';

/** Which operations of the log to read. */
export interface LogQuery {
  /** Those with a greater seq. Default 0: all that are kept. */
  readonly after?: number | undefined;
  /** Operations on one page, 1 to 1000. Default 1000. */
  readonly limit?: number | undefined;
  /** About how many bytes of values a page may hold; the operation that fills it is the last. Default: no bound. */
  readonly bytes?: number | undefined;
}

/** One page of the log. */
export interface LogPage {
  /** Oldest first, without holes. */
  readonly operations: readonly CommittedOperation[];
  /** What `after` must be for the next page; null when there is none. */
  readonly nextCursor: number | null;
  /** The log keeps the operations from this seq on; older ones live only in the leaves they wrote. */
  readonly firstSeq: number;
}

/** One page of the kept operations; costs what it returns. @throws DustError `invalid_params` */
export function readLog(
  storage: StoreStorage,
  { after = 0, limit = MAX_PAGE_SIZE, bytes = Infinity }: LogQuery,
): LogPage {
  if (!Number.isSafeInteger(after) || after < 0) {
    throw invalidCall('invalid_seq', `A log is read after a seq of 0 or more, not after ${String(after)}.`);
  }
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_PAGE_SIZE) {
    throw invalidCall(
      'invalid_limit',
      `A page holds 1 to ${MAX_PAGE_SIZE} operations, not ${String(limit)}.`,
    );
  }
  const { storeSeq } = storage.readCounters();
  const operations: CommittedOperation[] = [];
  let weight = 0;
  for (const operation of storage.log.since(after)) {
    if (operations.length === limit || weight >= bytes) break;
    operations.push(operation);
    if (bytes !== Infinity) weight += weightOf(operation.value);
  }
  const last = operations.at(-1);
  return {
    operations,
    nextCursor: last !== undefined && last.storeSeq < storeSeq ? last.storeSeq : null,
    firstSeq: storeSeq - storage.log.size + 1,
  };
}
