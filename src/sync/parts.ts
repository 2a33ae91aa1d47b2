import type { ReconnectPolicy, ReconnectPolicyOptions } from './reconnect-policy.js';
import { createReconnectPolicy } from './reconnect-policy.js';
import type { Recovery, RecoveryContext } from './recovery.js';
import { createRecovery } from './recovery.js';
import type { ReorderBuffer } from './reorder-buffer.js';
import { createReorderBuffer } from './reorder-buffer.js';
import type { SnapshotDiff } from './snapshot-diff.js';
import { snapshotDiff } from './snapshot-diff.js';

/** The decisions an engine's correctness hangs on, each to be replaced by a test that wants to see it fail. */
export interface SyncEngineParts {
  /** In which order operations are applied. */
  createReorderBuffer(limit: number): ReorderBuffer;
  /** When and how writes without a reply are sent again. */
  createRecovery(context: RecoveryContext): Recovery;
  /** What watchers hear of a snapshot. */
  readonly snapshotDiff: SnapshotDiff;
  /** The seq that is kept for the next start; `highestKnown` is the greatest that was heard of. */
  persistedSeq(contiguous: number, highestKnown: number): number;
  /** Whether and when to connect again. */
  createReconnectPolicy(options: ReconnectPolicyOptions): ReconnectPolicy;
}

/** The parts that are right. */
export const defaultParts: SyncEngineParts = {
  createReorderBuffer,
  createRecovery,
  snapshotDiff,
  persistedSeq: (contiguous) => contiguous,
  createReconnectPolicy,
};
