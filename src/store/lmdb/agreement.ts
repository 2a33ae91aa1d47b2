import type { StoreCounters } from '../storage.js';
import type { Databases } from './databases.js';
import { notAStore } from './errors.js';
import type { LeafCount } from './leaves/leaf-count.js';

/**
 * Compares the counters of a store with its log, which are written together: the log ends with the last operation, and
 * none is missing in it. A mirror has no log. In a store that was being restored they come apart, and it is restored again.
 *
 * @throws DustError `storage` with detail `corrupt`
 */
export function assertAgreement(
  path: string,
  { log }: Databases,
  { storeSeq, snapshotSeq, restoring }: StoreCounters,
): void {
  const last = log.end(true);
  if (snapshotSeq > storeSeq) {
    throw notAStore(path, `its snapshot, ${snapshotSeq}, is newer than its last operation, ${storeSeq}`);
  }
  if (restoring === true || last === undefined) return;
  if (last !== storeSeq) {
    throw notAStore(path, `its log ends with operation ${last} and its counters with ${storeSeq}`);
  }
  const first = Number(log.end(false));
  const missing = last - first + 1 - log.size;
  if (missing !== 0) throw notAStore(path, `its log from ${first} to ${last} lacks ${missing} operations`);
}

/**
 * Compares the number of leaves that is noted with what there is, as far as that is known without a walk: none, or some.
 *
 * @throws DustError `storage` with detail `corrupt`
 */
export function assertLeafCount(path: string, { leaves }: Databases, count: LeafCount): void {
  if (leaves.size === 0) {
    if (count.current > 0) throw notAStore(path, `its ${count.current} leaves are missing`);
  } else if (!count.isNoted) {
    throw notAStore(path, 'it has leaves, and their number is lost');
  }
}
