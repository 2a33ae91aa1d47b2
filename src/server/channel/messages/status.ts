import { rightsOf } from './join.js';
import type { Membership } from './membership.js';
import type { Reply } from './replies.js';
import { done } from './replies.js';

/** `status`: where the store stands (PROTOCOL §4). Not limited. */
export function status({ store, access }: Membership): Reply {
  const { storeSeq, snapshotSeq, operationCount } = store.status();
  const { leafCount, fileBytes, storedBytes } = store.size();
  const { operations, compactedAt } = store.recentHistory();
  return done({
    current_seq: storeSeq,
    entry_count: leafCount,
    op_count: operationCount,
    db_size_bytes: storedBytes,
    file_storage_bytes: fileBytes,
    latest_snapshot_seq: snapshotSeq === 0 ? null : snapshotSeq,
    latest_snapshot_at: compactedAt === null ? null : new Date(compactedAt).toISOString(),
    recent_ops: operations.map(({ operation, committedAt }) => ({
      store_seq: operation.storeSeq,
      op: operation.op,
      path: operation.path,
      inserted_at: new Date(committedAt).toISOString(),
    })),
    expires_at: null,
    ...rightsOf(access),
  });
}
