import type { CommittedOperation } from '../../protocol/requests/operation.js';
import type { Path } from '../../protocol/paths/path.js';
import { notOffered } from '../errors.js';
import { concerns } from './past.js';
import type { Asking, StudioSource } from './source.js';

/** Pages of 1,000 operations that one answer looks through: in this process, and over a network. */
const PAGES = { here: 100, remote: 10 } as const;

/** What was looked through of a log, from its end. */
export interface LogScan {
  /** Those that concern the path, the oldest first. */
  readonly operations: readonly CommittedOperation[];
  /** All operations from this seq on were looked at. */
  readonly from: number;
  /** The log is kept from this seq on. */
  readonly firstSeq: number;
  /** Whether all of it was looked through. */
  readonly isWhole: boolean;
}

/**
 * Looks through the log from its end, or from before a seq, towards its beginning, for what concerns a path: until `enough` says so, or
 * as far as one answer goes. It is asked after the first page, the second, the fourth, the eighth: what it looks at costs no more than reading.
 *
 * @throws StudioRefusal where the store hands out no log; what reading it throws
 */
export async function scanLog(
  { transport, isRemote }: StudioSource,
  { path, before }: { readonly path: Path; readonly before?: number | undefined },
  { signal }: Asking,
  enough: (scan: LogScan) => boolean,
): Promise<LogScan> {
  if (transport.log === undefined || transport.capabilities.log !== true) {
    throw notOffered('This store hands out no log.');
  }
  const most = isRemote ? PAGES.remote : PAGES.here;
  const found: CommittedOperation[] = [];
  let cursor = before;
  for (let pages = 1; ; pages++) {
    const page = await transport.log({
      order: 'desc',
      signal,
      ...(cursor === undefined ? {} : { before: cursor }),
    });
    for (const operation of page.operations) if (concerns(operation, path)) found.push(operation);
    const from = page.operations.at(-1)?.storeSeq ?? cursor ?? page.firstSeq;
    const scan: LogScan = {
      operations: found.toReversed(),
      from,
      firstSeq: page.firstSeq,
      isWhole: page.nextCursor === null,
    };
    if (page.nextCursor === null || pages === most || (isPowerOfTwo(pages) && enough(scan))) return scan;
    cursor = page.nextCursor;
  }
}

function isPowerOfTwo(number: number): boolean {
  return Number.isInteger(Math.log2(number));
}
