import type { Clock } from '../clock.js';
import type { Logger } from '../logging.js';
import type { Path } from '../protocol/paths/path.js';
import type { StoreStorage } from '../store/index.js';
import type { Linker } from './connection/link.js';
import type { StoreReader } from './store-reader.js';

/** How writes that are not idempotent survive a lost connection (PROTOCOL §5.5, §7). */
export type Delivery = 'exactly-once' | 'at-least-once';

/** What waits before a reconnect are drawn from, in milliseconds. */
export interface Backoff {
  /** What the first wait is drawn from. */
  readonly base: number;
  /** The most that any wait is drawn from. */
  readonly max: number;
}

/** What bounds an engine. Times are in milliseconds; of bytes one that is alone may have more. */
export interface SyncLimits {
  /** Pushes that wait for their reply at once. Default 64. */
  readonly inFlight?: number | undefined;
  /** About how many bytes of them; a longer one is sent when no other waits. Default 16 MiB. */
  readonly inFlightBytes?: number | undefined;
  /** Writes that wait to be sent; one more is refused with `rate_limited`. Default 10,000. */
  readonly outbox?: number | undefined;
  /** About how many bytes of writes that are not settled; one more is refused, unless it is the only one. Default 256 MiB. */
  readonly outboxBytes?: number | undefined;
  /** Messages that are kept until the server's answer to a join is dealt with; one more ends the connection. Default 10,000. */
  readonly inbox?: number | undefined;
  /** About how many bytes of them. Default 16 MiB. */
  readonly inboxBytes?: number | undefined;
  /** Operations that wait for one before them; one more begins a repair. Default 10,000. */
  readonly reorderBuffer?: number | undefined;
  /** About how many bytes of them. Default 64 MiB. */
  readonly reorderBytes?: number | undefined;
  /**
   * Operations that wait to be applied to the mirror: from half of it on the server waits, beyond it the mirror fetches what is
   * missing. Default 100,000.
   */
  readonly applyBuffer?: number | undefined;
  /** About how many bytes of them. Default 64 MiB. */
  readonly applyBytes?: number | undefined;
  /** How long a hole in the sequence stays open before it is repaired. Default 1000. */
  readonly gapTimeout?: number | undefined;
  /**
   * How long a write may wait for its acknowledgement before it fails with `timeout` or `indeterminate`. Waiting for the rate
   * limit does not count, for a minute. Default 60,000.
   */
  readonly writeTimeout?: number | undefined;
  /** How long a quiet connection is trusted before the server is asked where it stands. Default 30,000. */
  readonly idleTimeout?: number | undefined;
  /** How long a push may wait for its reply before the connection counts as lost. Default 15,000. */
  readonly pushTimeout?: number | undefined;
  /** How long a connection must last for the first wait after it to be the shortest; it may be twice that before. Default 10,000. */
  readonly stablePeriod?: number | undefined;
  /**
   * What the first wait before a reconnect is drawn from, and the most any is. None is longer than a tenth of the outage so far, or
   * a second, nor than two seconds while writes wait. Default 250 and 30,000.
   */
  readonly backoff?: Backoff | undefined;
  /** How long the session fence's lease lasts; renewed at a third of it. Default 120,000. */
  readonly sessionTtl?: number | undefined;
}

/** What a {@link SyncEngine} is made of. */
export interface SyncEngineOptions {
  /** The store, `org/name`, for messages. */
  readonly store: string;
  /** Scheme, host and port of the server, for messages, where it is in a place of its own. */
  readonly origin?: string | undefined;
  /** Opens connections. */
  readonly linker: Linker;
  /** Reads leaves from the server beside the channel: for values a catch-up cannot be trusted with (PROTOCOL §5.8). */
  readonly reader: StoreReader;
  /** Where the mirror lies. The engine closes it. */
  readonly storage: StoreStorage;
  /** Who the engine writes as. */
  readonly deviceId: string;
  /** The prefixes the mirror keeps; undefined keeps everything. */
  readonly prefixes?: readonly Path[] | undefined;
  readonly delivery?: Delivery | undefined;
  readonly limits?: SyncLimits | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** From 0 up to 1, what waits are drawn with. */
  readonly random: () => number;
}
