import type { Path } from '../../protocol/paths/path.js';
import type { Delivery, SyncLimits } from '../../sync/index.js';
import type { HttpTransportOptions } from '../http/index.js';

/** The times and buffers of a channel. Times are in milliseconds. */
export interface ChannelOptions extends SyncLimits {
  /** How long connecting waits for the mirror to be whole; behind it, reads go over HTTP until it is. Default 10,000. */
  readonly catchUpTimeout?: number | undefined;
  /** How long closing waits for writes under way; what is not settled then fails. Default 5000. */
  readonly closeTimeout?: number | undefined;
  /** How often an idle connection is tried; one that does not answer in time again counts as lost. Default 30,000. */
  readonly heartbeatInterval?: number | undefined;
  /** How long the server may take to accept the socket. Default 10,000. */
  readonly openTimeout?: number | undefined;
  /** The longest message of the server that is taken, in bytes; a longer one ends the connection. Default 256 MiB. */
  readonly maxMessageBytes?: number | undefined;
}

/** The way to a store on a Dust server over its channel, with HTTP beside it. */
export interface ChannelTransportOptions extends HttpTransportOptions {
  /** Where the socket is. Default `wss://…/ws/sync/websocket` below `url`, whose path stays in front. */
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
  /** Its times and buffers. */
  readonly limits?: ChannelOptions | undefined;
}
