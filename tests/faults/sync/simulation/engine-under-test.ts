import type { Pattern } from '../../../../src/protocol/paths/pattern.js';
import type {
  Commit,
  CommittedOperation,
  RecordCommit,
} from '../../../../src/protocol/requests/operation.js';
import type { SyncReceipt, SyncStatus, SyncWrite } from '../../../../src/sync/engine-types.js';
import type { SyncEngineOptions } from '../../../../src/sync/options.js';

/** What a simulation needs of an engine. */
export interface EngineUnderTest {
  readonly status: SyncStatus;
  start(): Promise<void>;
  submitCommitted(operations: readonly CommittedOperation[]): Promise<void>;
  write(write: SyncWrite): Promise<SyncReceipt>;
  watch(pattern: Pattern, listener: (commit: Commit) => void): () => void;
  watchRecords(prefix: string, listener: (commits: readonly RecordCommit[]) => void): () => void;
  close(): Promise<void>;
}

/** Begins an engine at once. */
export type CreateEngine = (options: SyncEngineOptions) => EngineUnderTest;
