import type { Path } from '../../protocol/paths/path.js';
import { isBelow } from '../../protocol/paths/path.js';
import { snapshotLeaves } from './compaction.js';
import { invalidCall } from '../../protocol/requests/request-errors.js';
import type { LeafTree } from '../leaf-tree.js';
import { MemoryLeafTree } from '../memory/memory-leaf-tree.js';
import { applyChanges, changesOf } from '../operations/operation-effects.js';
import type { StoreStorage } from '../storage.js';

/**
 * The leaves as they stood after the operation `seq`, in a tree of their own; with `within` at least those at and below
 * it. Costs the snapshot and the operations behind it.
 *
 * @throws DustError `invalid_params` with detail `invalid_seq` for what is no seq of the store, `seq_not_kept` for a
 * past that a compaction dropped
 */
export function leavesAt(storage: StoreStorage, seq: number, within?: Path): LeafTree {
  const { storeSeq } = storage.readCounters();
  if (!Number.isSafeInteger(seq) || seq < 0 || seq > storeSeq) {
    throw invalidCall('invalid_seq', `The store stands at seq ${storeSeq} and was never at ${String(seq)}.`);
  }
  const tree = new MemoryLeafTree();
  for (const operation of storage.log.since(putBase(storage, seq, tree, within))) {
    if (operation.storeSeq > seq) break;
    if (within === undefined || concerns(operation.path, within)) {
      applyChanges(changesOf(operation, tree), tree);
    }
  }
  return tree;
}

/** Puts the leaves that the kept operations build on into `tree`. Returns the seq they stand at. */
function putBase(storage: StoreStorage, seq: number, tree: LeafTree, within?: Path): number {
  const { storeSeq, snapshotSeq } = storage.readCounters();
  if (seq >= snapshotSeq) {
    for (const leaf of snapshotLeaves(storage, snapshotSeq)) {
      if (within === undefined || concerns(leaf.path, within)) tree.put(leaf);
    }
    return snapshotSeq;
  }
  if (storage.log.size === storeSeq) return 0;
  throw invalidCall(
    'seq_not_kept',
    `The store was compacted at seq ${snapshotSeq} and does not know how it stood at ${seq}.`,
  );
}

function concerns(path: Path, within: Path): boolean {
  return path === within || isBelow(path, within) || isBelow(within, path);
}
