import type { Path } from '../../protocol/paths/path.js';
import type { Clock } from '../../clock.js';
import type { Fence, Transport } from '../../transport/transport.js';

/** Where the right to run migrations lies: a lease, or what takes its place where there are none. */
export const LOCK: Path = '_dust:migrations-lock';

/** The right to run migrations, of one process at a time. */
export interface HeldLock {
  /** What writes of the holder carry, where the transport has leases. */
  readonly fence: Fence | undefined;
  /** Fires when the right was lost. */
  readonly lost: AbortSignal;
  /** Gives it back. Never rejects: what cannot be given back runs out. */
  release(): Promise<void>;
}

/** What a lock is taken with. */
export interface LockRequest {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Milliseconds that it lasts without a sign of life. */
  readonly ttl: number;
  /** Who takes it, for others to read. */
  readonly holder: string;
}
