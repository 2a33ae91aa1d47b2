import type { CommittedOperation, LeafChange } from '../../protocol/requests/operation.js';
import type { ReadableTree } from '../leaf-tree.js';
import type { ChangeHub, PendingNotification } from './change-hub.js';

/**
 * What watchers hear when the state of seq `storeSeq` takes the place of an older one: one commit, with a `set` or a
 * `delete` for each leaf that changed. Nobody is named as the writer. `movedBack`: the older one is of a store that had
 * gone further.
 *
 * `tree` is as the changes left it.
 */
export function replacementNotification(
  hub: ChangeHub,
  changes: readonly LeafChange[],
  tree: ReadableTree,
  storeSeq: number,
  movedBack?: true,
): PendingNotification | undefined {
  if (hub.size === 0) return undefined;
  const applied = changes.map((change) => ({ operation: operationOf(change, storeSeq), changes: [change] }));
  return hub.collect(applied, tree, movedBack);
}

function operationOf({ path, after }: LeafChange, storeSeq: number): CommittedOperation {
  const written = { storeSeq, path, deviceId: null, clientOpId: null };
  return after === undefined
    ? { ...written, op: 'delete', value: null }
    : { ...written, op: 'set', value: after.value, leafTypes: new Map([[path, after.type]]) };
}
