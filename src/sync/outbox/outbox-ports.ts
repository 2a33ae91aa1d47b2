import type { Clock } from '../../clock.js';
import type { Fence } from '../../protocol/requests/operation.js';
import type { Path } from '../../protocol/paths/path.js';
import type { JsonObject } from '../../protocol/values/value.js';
import type { ResolvedLimits } from '../limits.js';
import type { RateLimit } from '../connection/rate-limit.js';
import type { LinkEnd, PushReply } from '../connection/link.js';
import type { Delivery } from '../options.js';
import type { Resend } from '../engine-report.js';
import type { SyncEngineParts } from '../parts.js';
import type { PendingWrite } from './pending-write.js';

/** What an outbox sends over. */
export interface WriteChannel {
  push(event: string, payload: JsonObject, onReply: (reply: PushReply) => void): void;
}

/** What an outbox asks of the engine around it. */
export interface OutboxPorts {
  readonly clock: Clock;
  readonly limits: Pick<
    ResolvedLimits,
    'inFlight' | 'inFlightBytes' | 'outbox' | 'outboxBytes' | 'writeTimeout'
  >;
  readonly delivery: Delivery;
  readonly rateLimit: RateLimit;
  readonly parts: Pick<SyncEngineParts, 'createSuspect' | 'readWriteReply'>;
  /** The seq the mirror stands at. */
  storeSeq(): number;
  /** Calls back when the mirror holds everything up to the seq. Returns what calls it off. */
  whenReached(storeSeq: number, onReached: () => void): () => void;
  /** How the last connection ended, or the last try to make one; undefined before there was any. */
  whyDisconnected(): LinkEnd | undefined;
  /** The fence of the session; undefined while there is none. */
  fence(): Fence | undefined;
  /** Opens a session. @throws DustError when the server refuses */
  openSession(): Promise<void>;
  /** The server said that the session's token is dead. */
  onFenced(token: number): void;
  /** The server has committed an own write. */
  onAcknowledged(write: PendingWrite, storeSeq: number): void;
  /** An own write had no acknowledgement: what became of it. */
  onResend(write: PendingWrite, resend: Resend): void;
  /** Nobody knows what became of a write, although the connection stands: nothing is sent until `Outbox.resume`. */
  onDoubt(): void;
  /** The server says that this connection has no channel. */
  onChannelGone(): void;
  /** The revision at a path: null where nothing is, undefined where the mirror does not know. */
  revisionAt(path: Path): number | null | undefined;
  /** The number of writes has changed. */
  onChange(): void;
}
