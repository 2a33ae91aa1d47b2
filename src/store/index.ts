export { contentHash } from './content-hash.js';
export type { HeldState } from './copying/held-state.js';
export type { StateHead, StatePiece } from './copying/state-piece.js';
export { replacementNotification } from './commit/replacement-notification.js';
export { differenceOf } from './reading/difference.js';
export type { CatchUp } from './history/catch-up.js';
export { ChangeHub } from './commit/change-hub.js';
export type { AppliedOperation, PendingNotification } from './commit/change-hub.js';
export { exportLeaves, exportPages, importLeaves } from './dump.js';
export type { ImportReceipt } from './dump.js';
export { isEmpty, LeafCursor } from './reading/leaf-cursor.js';
export type { IndexUse, UseIndexesOptions } from './indexes/build/index-uses.js';
export type { StandingIndex } from './indexes/definitions.js';
export { identityOf, wireIndex } from './indexes/definitions.js';
export { INDEXED_TYPES } from './indexes/keys/value-keys.js';
export { IndexUses } from './indexes/build/index-uses.js';
export { StoreRecords } from './indexes/records/store-records.js';
export { StoreIndexes } from './indexes/store-indexes.js';
export type { OperationChanges } from './indexes/touched-records.js';
export type { LeafTree, ReadableTree, TreeRange } from './leaf-tree.js';
export type { LeafQuery } from './reading/listing.js';
export type { LogPage, LogQuery } from './history/log-reading.js';
export type { LogLimits } from './history/log-limits.js';
export type { StoreCopy, WriteOrder } from './commit/write-order.js';
export type { Command, FileContent } from './operations/commands.js';
export type { CommitOutcome } from './operations/planning.js';
export type { LoggedBy, LoggedRequest } from './logged/logged-request.js';
export type { LoggedState } from './logged/logged-state.js';
export { isLoggedState } from './logged/logged-state.js';
export { isRefusal } from './logged/logged-work.js';
export type { LoggedFrame, LoggedOutcome } from './logged/logged-work.js';
export { MemoryLeafTree } from './memory/memory-leaf-tree.js';
export { createMemoryStorage } from './memory/memory-storage.js';
export { applyChanges, changesOf } from './operations/operation-effects.js';
export type { Effect } from './operations/operation-effects.js';
export { probeStorage } from './reading/probe.js';
export { getEntry, getLeaves, getSubtree, pathExists } from './reading/reading.js';
export { listKeys, listLeaves, listPrefixes } from './reading/listing.js';
export type {
  BatchReceipt,
  FileReceipt,
  LeaseReceipt,
  ReleaseReceipt,
  RollbackReceipt,
  WriteReceipt,
} from './receipts.js';
export type { StoreHistory, TimedOperation } from './history/recent-history.js';
export { MAX_PATH_BYTES } from '../protocol/paths/path-length.js';
export type * from './requests.js';
export type * from './storage.js';
export { makeStore } from './make-store.js';
export { Store } from './store.js';
export type { Foreseen, Touched, UniqueValues } from './unique-foresight.js';
export { UniqueForesight, duplicateOf } from './unique-foresight.js';
export type { StoreCondition, StoreOptions, StoreStatus } from './store-options.js';
