import type { CommittedOperation, LeafChange } from '../../protocol/operation.js';
import type { ChangeHub, PendingNotification, ReadableTree } from '../../store/index.js';

/**
 * What watchers hear when the state of seq `storeSeq` takes the place of an older one. Those of a pattern hear one
 * `set` or `delete` for each leaf that changed. Those of records hear of all records at once, each as it is left: a
 * record that is told leaf by leaf would show mixtures of two versions. Nobody is named as the writer.
 *
 * `tree` is as the changes left it.
 */
export function snapshotNotifications(
  hub: ChangeHub,
  changes: readonly LeafChange[],
  tree: ReadableTree,
  storeSeq: number,
): PendingNotification[] {
  const [first] = changes;
  if (first === undefined || hub.size === 0) return [];
  const notifications: PendingNotification[] = [];
  for (const change of changes) {
    const told = hub.collect(operationOf(change, storeSeq), [change], tree);
    if (told !== undefined && told.watchers.length > 0) notifications.push({ ...told, records: [] });
  }
  const whole = hub.collect(operationOf(first, storeSeq), changes, tree);
  if (whole !== undefined && whole.records.length > 0) notifications.push({ ...whole, watchers: [] });
  return notifications;
}

function operationOf({ path, after }: LeafChange, storeSeq: number): CommittedOperation {
  const written = { storeSeq, path, deviceId: null, clientOpId: null };
  return after === undefined
    ? { ...written, op: 'delete', value: null }
    : { ...written, op: 'set', value: after.value, leafTypes: new Map([[path, after.type]]) };
}
