import { MAX_LEAVES_BELOW, MAX_PAGE_BYTES } from '../../protocol/requests/listing.js';
import type { Path } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';
import { weightOf } from '../../protocol/values/weight.js';
import type { Store } from '../../store/index.js';

/** What lies below many paths, as far as one answer has room for it. */
export interface LeavesBelow {
  readonly leaves: readonly Leaf[];
  /** Where nothing is. */
  readonly missing: readonly Path[];
  /** What was not looked at, or is more than an answer by itself: to be listed. */
  readonly unread: readonly Path[];
}

/** All leaves at and below each of the paths, each whole or not at all. */
export function leavesBelowEach(store: Store, paths: readonly Path[]): LeavesBelow {
  const leaves: Leaf[] = [];
  const missing: Path[] = [];
  let bytes = 0;
  for (const [index, path] of paths.entries()) {
    const below = store.subtree(path);
    bytes += below.reduce((sum, { value }) => sum + weightOf(value), 0);
    if (leaves.length + below.length > MAX_LEAVES_BELOW || bytes > MAX_PAGE_BYTES) {
      return { leaves, missing, unread: paths.slice(index) };
    }
    if (below.length === 0) missing.push(path);
    for (const leaf of below) leaves.push(leaf);
  }
  return { leaves, missing, unread: [] };
}
