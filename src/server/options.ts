import type { Clock } from '../clock.js';
import type { ClusterOptions } from '../cluster/index.js';
import type { Imitate } from './imitation/imitation.js';
import type { Logger } from '../logging.js';
import type { Store } from '../store/index.js';

/** What a token may do (the recorded servers' names of scopes). */
export type Scope = 'entries:read' | 'entries:write' | 'files:read' | 'files:write';

/** A token and what it opens. */
export interface AccessToken {
  /** The secret itself, as it stands behind `Bearer`. At least 16 characters. */
  readonly token: string;
  /** Names the token in the log; never the secret. */
  readonly name?: string | undefined;
  /** Default: all. */
  readonly scopes?: readonly Scope[] | undefined;
  /** The stores, `org/name`, it opens. Default: all of the server's. */
  readonly stores?: readonly string[] | undefined;
}

/** What is let through in each minute (PROTOCOL §3). */
export interface RateLimits {
  /** Reads of a token; joining a channel is one. Default 1000. */
  readonly reads?: number | undefined;
  /** Writes of a token. Default 100. */
  readonly writes?: number | undefined;
  /** Tokens from one address that the server does not know. Default 20. */
  readonly wrongTokens?: number | undefined;
}

/** What a server takes at the most. */
export interface Bounds {
  /** Bytes of a request's body, and of a frame of the channel. Default 8 MiB (PROTOCOL §3). */
  readonly body?: number | undefined;
  /** Characters of a request's target. Default 16,384. */
  readonly url?: number | undefined;
  /** Milliseconds until a request must have arrived whole. Default 30,000. */
  readonly requestTimeout?: number | undefined;
  /**
   * Milliseconds that a client may take nothing of what waits for it, and that a connection may be silent where something
   * is awaited of it. It is cut off then. Default 30,000.
   */
  readonly readTimeout?: number | undefined;
  /** Bytes that wait for a client of the channel to read them; one that lets more pile up is cut off. Default 16 MiB. */
  readonly channelBuffer?: number | undefined;
  /**
   * Bytes of messages of one connection of the channel that wait for their answers; beyond them no more is read of it
   * until some are answered. A longer message waits until it is the only one. Default 1 MiB.
   */
  readonly channelMessages?: number | undefined;
  /**
   * Bytes of bodies and messages of all clients together that were received and are not done; beyond them requests are
   * answered with 503, and connections of the channel that sent more than 64 KiB are cut off. Default 64 MiB.
   */
  readonly received?: number | undefined;
  /**
   * Bytes that wait for all clients together to read them; beyond them long answers are refused with 503, and connections
   * of the channel that let more than 64 KiB pile up are cut off. Default 256 MiB.
   */
  readonly unread?: number | undefined;
  /** Connections at once. More are not accepted. Default 4,096. */
  readonly connections?: number | undefined;
}

/** Where the metrics of a server are told to whoever reaches that address. */
export interface MetricsOptions {
  /** Default 0, a free one. */
  readonly port?: number | undefined;
  /** Default `127.0.0.1`. */
  readonly host?: string | undefined;
}

/** What a {@link DustServer} serves, to whom, and how. */
export interface DustServerOptions {
  /** The stores by name, `org/name`. Their owner closes them, after the server. */
  readonly stores: Readonly<Record<string, Store>>;
  /** Who may come in, and to what. */
  readonly tokens: readonly AccessToken[];
  /**
   * Requests a token may make. `false` switches the limits off. Default: none on loopback; where other machines reach the
   * server, the defaults of each.
   */
  readonly rateLimits?: RateLimits | false | undefined;
  /**
   * Behaves as a recorded server does where that is at fault (PROTOCOL §3, §5, §8): `'0.1'` for all that such a server always
   * shows, or the names of faults. Default: no fault.
   */
  readonly imitate?: Imitate | undefined;
  /** What the server takes at the most. */
  readonly bounds?: Bounds | undefined;
  /**
   * Counts what the server does, and tells it in Prometheus' text format. `true`: at `GET /metrics`, to a token that may read and is
   * not narrowed to some stores. `{ port, host }`: at `/metrics` of an address of its own, without a token. Default: neither.
   */
  readonly metrics?: boolean | MetricsOptions | undefined;
  /**
   * Milliseconds in which a server that is told to close still answers, says at `/readyz` that it is not ready, opens no more channels and keeps no
   * connection, so that those who send it requests notice. Default 0.
   */
  readonly drain?: number | undefined;
  /** What rate limits and sessions go by; leases by the clock of their store. Default the machine's. */
  readonly clock?: Clock | undefined;
  /** Hears of each request and of what went wrong. Default: standard error. */
  readonly logger?: Logger | undefined;
}

/** Where a server listens. */
export interface ListenOptions {
  /** Default 7755; 0 takes a free one. */
  readonly port?: number | undefined;
  /** Default `127.0.0.1`. Other machines reach the server only at an address of this machine, or at `0.0.0.0`. */
  readonly host?: string | undefined;
}

/** What {@link serve} opens and starts. */
export interface ServeOptions extends Omit<DustServerOptions, 'stores' | 'tokens'>, ListenOptions {
  /** The folder that makes the stores durable. In memory, gone with `close`, when left out. */
  readonly data?: string | undefined;
  /**
   * Makes the server a node of a cluster: it shares its stores with the other nodes through a log in a database, and `data` has its copies.
   * Experimental.
   */
  readonly cluster?: ClusterOptions | undefined;
  /** The stores to serve, `org/name`. Default `local/default`. */
  readonly stores?: readonly string[] | undefined;
  /** Default, on loopback only: one token for everything, made up. */
  readonly tokens?: readonly AccessToken[] | undefined;
}

/** A server that runs. */
export interface RunningServer {
  /** Such as `http://127.0.0.1:7755`. */
  readonly url: string;
  /** What it serves, `org/name`. */
  readonly stores: readonly string[];
  /** The first token, to paste into a client. */
  readonly token: string;
  /** Where the metrics are told, such as `http://127.0.0.1:9464/metrics`; undefined when they are not. */
  readonly metricsUrl?: string | undefined;
  /**
   * Drains, takes no more requests, lets those under way finish, then closes the stores. Calling it again waits along.
   *
   * @throws whatever the medium of a data folder fails with
   */
  close(): Promise<void>;
}
