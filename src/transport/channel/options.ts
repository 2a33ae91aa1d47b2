import type { Path } from '../../protocol/path.js';
import type { Delivery, SyncLimits } from '../../sync/index.js';
import type { HttpTransportOptions } from '../http/index.js';

/** The way to a store on a Dust server over its channel, with HTTP beside it. */
export interface ChannelTransportOptions extends HttpTransportOptions {
  /** Where the socket is. Default `wss://…/ws/sync/websocket` at the origin of `url`. */
  readonly socketUrl?: string | undefined;
  /** How messages travel. Default `json`. */
  readonly serialization?: 'json' | 'messagepack' | undefined;
  /** The prefixes that are mirrored; undefined mirrors the whole store. */
  readonly prefixes?: readonly Path[] | undefined;
  /** The folder that keeps the mirror, so that the next start resumes. In memory when left out. */
  readonly cache?: { readonly path: string } | undefined;
  /** How long reads are answered by a mirror that is not kept up to date, in milliseconds. Default 30,000. */
  readonly staleAfter?: number | undefined;
  /** How writes that are not idempotent survive a lost connection. Default `exactly-once`. */
  readonly delivery?: Delivery | undefined;
  /** What bounds the engine. */
  readonly limits?: SyncLimits | undefined;
  /** Milliseconds between heartbeats. Default 30,000. */
  readonly heartbeatInterval?: number | undefined;
}
