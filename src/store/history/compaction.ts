import type { LeafChange } from '../../protocol/requests/operation.js';
import type { Leaf } from '../../protocol/values/value.js';
import { mergeLeaves } from '../reading/merge-leaves.js';
import type { StoreStorage } from '../storage.js';

/**
 * Makes the present leaves the snapshot and drops all but the last `keep` operations of the log. Part of a commit.
 * Copies nothing: a leaf of the snapshot stays in the tree until it is changed ({@link keepForSnapshot}).
 */
export function compactStorage(storage: StoreStorage, keep: number): void {
  const { storeSeq } = storage.readCounters();
  storage.overlay.clear();
  storage.log.trim(storeSeq - keep);
  storage.writeCounters({ ...storage.readCounters(), storeSeq, snapshotSeq: storeSeq });
}

/** Keeps what the snapshot needs of leaves that are about to be changed. */
export function keepForSnapshot(
  changes: readonly LeafChange[],
  { overlay }: StoreStorage,
  snapshotSeq: number,
): void {
  for (const { before } of changes) {
    if (before !== undefined && before.revision <= snapshotSeq) overlay.put(before);
  }
}

/** The leaves as they stood at the last compaction, in store order. */
export function* snapshotLeaves(
  { leaves, overlay }: StoreStorage,
  snapshotSeq: number,
): Generator<Leaf, void, undefined> {
  for (const leaf of mergeLeaves(leaves.range({}), overlay.leaves())) {
    if (leaf.revision <= snapshotSeq) yield leaf;
  }
}
