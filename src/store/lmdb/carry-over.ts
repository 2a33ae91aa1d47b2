import { isDustError } from '../../errors.js';
import type { Path } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';
import { weightOf } from '../../protocol/values/weight.js';
import type { OldLeaves } from './databases.js';
import { carryingFailed } from './errors.js';
import type { Entry, GuardedDatabase } from './guarded-database.js';
import { raiseFormat } from './format.js';
import { LmdbLeafTree } from './leaves/lmdb-leaf-tree.js';
import type { LmdbStorageParts } from './lmdb-storage.js';
import { LOWEST_PATH } from './path-key.js';
import type { StoredLeaf } from './stored-leaf.js';
import { fromStored, isStoredLeaf } from './stored-leaf.js';
import { transact } from './transact.js';

/** What of a folder is carried over. */
export interface CarryOver extends LmdbStorageParts {
  readonly meta: GuardedDatabase<unknown, string>;
  readonly old: OldLeaves;
}

/** What one transaction carries over at most: it holds up everybody, and needs room on the disk twice. */
const MOST = { leaves: 2_000, bytes: 2 ** 20 };

/**
 * Carries the leaves of a folder before format 3 over to groups, in transactions of {@link MOST}, between which the event loop
 * turns. In each of them a leaf is either where it was or where it belongs: whenever this ends, the next opening goes on.
 *
 * @throws DustError `storage` with detail `write_failed` when the disk has no room, `corrupt` when an old leaf is damaged
 */
export async function carryOver(parts: CarryOver): Promise<void> {
  const { old, databases, scope, leafCount } = parts;
  try {
    if (old.overlay !== undefined) {
      await carryAll(parts, old.overlay, () => new LmdbLeafTree(databases.overlay, scope));
    }
    if (old.leaves !== undefined) {
      await carryAll(parts, old.leaves, () => new LmdbLeafTree(databases.leaves, scope, leafCount));
    }
  } catch (error) {
    throw isDustError(error, 'storage') && error.detail === 'write_failed'
      ? carryingFailed(parts.path, error)
      : error;
  }
}

async function carryAll(
  parts: CarryOver,
  from: GuardedDatabase<StoredLeaf, Path>,
  open: () => LmdbLeafTree,
): Promise<void> {
  // A tree for each transaction: what it works on ends with it.
  while (carrySome(parts, from, open())) await new Promise(setImmediate);
}

/** Whether there may be more. */
function carrySome(
  { path, root, meta, ownership, scope, leafCount }: CarryOver,
  from: GuardedDatabase<StoredLeaf, Path>,
  to: LmdbLeafTree,
): boolean {
  let carried = 0;
  transact(path, root, () => {
    ownership.verify();
    // Before the first leaf is where an earlier release does not look for it.
    raiseFormat(meta);
    const leaves = firstLeaves(from);
    carried = leaves.length;
    scope.run(() => {
      for (const leaf of leaves) to.put(leaf);
    });
    to.flush();
    if (carried === 0) from.drop();
    else for (const leaf of leaves) from.remove(leaf.path);
    leafCount.flush();
  });
  ownership.claimed();
  return carried > 0;
}

function firstLeaves(from: GuardedDatabase<StoredLeaf, Path>): Leaf[] {
  const leaves: Leaf[] = [];
  let bytes = 0;
  const read = ({ key, value }: Entry<StoredLeaf, Path>): Leaf => {
    if (!isStoredLeaf(value)) throw from.damaged(key);
    return fromStored(key, value);
  };
  for (const leaf of from.range({ start: LOWEST_PATH, limit: MOST.leaves }, read)) {
    leaves.push(leaf);
    bytes += weightOf(leaf.value);
    if (bytes > MOST.bytes) break;
  }
  return leaves;
}
