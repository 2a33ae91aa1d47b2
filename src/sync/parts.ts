import type { PushReply } from './connection/link.js';
import type { RateLimitOptions } from './connection/rate-limit.js';
import { RateLimit } from './connection/rate-limit.js';
import type { ReconnectPolicy, ReconnectPolicyOptions } from './connection/reconnect-policy.js';
import { createReconnectPolicy } from './connection/reconnect-policy.js';
import type { Recovery, RecoveryContext } from './session/recovery.js';
import { createRecovery } from './session/recovery.js';
import type { CommitBounds } from './intake/commit-bounds.js';
import { createCommitBounds } from './intake/commit-bounds.js';
import type { ReorderBuffer } from './intake/reorder-buffer.js';
import { createReorderBuffer } from './intake/reorder-buffer.js';
import type { RunOfOperations } from './intake/run-of-operations.js';
import { Suspect } from './outbox/suspect.js';
import type { WriteReply } from './outbox/write-reply.js';
import { readWriteReply } from './outbox/write-reply.js';
import type { SnapshotDiff } from './mirror/snapshot-diff.js';
import { snapshotDiff } from './mirror/snapshot-diff.js';

/** The decisions an engine's correctness hangs on, each to be replaced by a test that wants to see it fail. */
export interface SyncEngineParts {
  /** In which order operations are applied. */
  createReorderBuffer(limit: number, bytes: number): ReorderBuffer;
  /** Which of the operations that wait were committed together. */
  createCommitBounds(run: RunOfOperations): CommitBounds;
  /** When and how writes without a reply are sent again. */
  createRecovery(context: RecoveryContext): Recovery;
  /** What watchers hear of a snapshot. */
  readonly snapshotDiff: SnapshotDiff;
  /** The seq that is kept for the next start; `highestKnown` is the greatest that was heard of. */
  persistedSeq(contiguous: number, highestKnown: number): number;
  /** Whether and when to connect again. */
  createReconnectPolicy(options: ReconnectPolicyOptions): ReconnectPolicy;
  /** Which write the server crashes on, and when it is given up. */
  createSuspect(): Suspect;
  /** How long writes wait for a rate limit. */
  createRateLimit(options: RateLimitOptions): RateLimit;
  /** What a reply says of its write. */
  readWriteReply(reply: PushReply): WriteReply;
}

/** The parts that are right. */
export const defaultParts: SyncEngineParts = {
  createReorderBuffer,
  createCommitBounds,
  createRecovery,
  snapshotDiff,
  persistedSeq: (contiguous) => contiguous,
  createReconnectPolicy,
  createSuspect: () => new Suspect(),
  createRateLimit: (options) => new RateLimit(options),
  readWriteReply,
};
