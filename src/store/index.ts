export type { CatchUp } from './catch-up.js';
export { ChangeHub } from './change-hub.js';
export type { PendingNotification } from './change-hub.js';
export { exportLeaves, importLeaves } from './dump.js';
export type { ImportReceipt } from './dump.js';
export { isEmpty, LeafCursor } from './leaf-cursor.js';
export type { LeafTree, ReadableTree, TreeRange } from './leaf-tree.js';
export type { LeafQuery } from './listing.js';
export type { LogPage, LogQuery } from './log-reading.js';
export type { LogLimits } from './log-limits.js';
export { MemoryLeafTree } from './memory/memory-leaf-tree.js';
export { createMemoryStorage } from './memory/memory-storage.js';
export { applyChanges, changesOf } from './operation-effects.js';
export type { Effect } from './operation-effects.js';
export { getEntry, getLeaves, getSubtree, pathExists } from './reading.js';
export { listKeys, listLeaves, listPrefixes } from './listing.js';
export type {
  BatchReceipt,
  FileReceipt,
  LeaseReceipt,
  ReleaseReceipt,
  RollbackReceipt,
  WriteReceipt,
} from './receipts.js';
export type { StoreHistory, TimedOperation } from './recent-history.js';
export { MAX_PATH_BYTES } from './request-checks.js';
export type * from './requests.js';
export type * from './storage.js';
export { Store } from './store.js';
export type { StoreOptions, StoreStatus } from './store-options.js';
