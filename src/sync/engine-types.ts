import type { DustError } from '../errors.js';
import type { Feature } from '../protocol/wire/features.js';
import type { Fence, OperationKind } from '../protocol/requests/operation.js';
import type { Path } from '../protocol/paths/path.js';
import type { JsonObject, JsonValue } from '../protocol/values/value.js';

/**
 * Where an engine stands. `connecting` opens a socket, `joining` asks for the store, `catchingUp` takes in what was
 * missed, `live` is whole, `repairing` fills a hole while it stays usable, `reconnecting` waits for the next attempt,
 * `closed` is final.
 */
export type SyncState =
  'connecting' | 'joining' | 'catchingUp' | 'live' | 'repairing' | 'reconnecting' | 'closed';

/** What an engine tells of itself. */
export interface SyncStatus {
  readonly state: SyncState;
  /** Every operation up to this one is in the mirror. */
  readonly storeSeq: number;
  /** Whether the mirror has been whole at least once since the engine began, so that it can answer reads. */
  readonly isUsable: boolean;
  /** Since when (ms since the epoch) no connection stands; undefined while one does. */
  readonly disconnectedSince?: number | undefined;
  /** Writes that wait to be sent or acknowledged. */
  readonly pendingWrites: number;
  /** What the token may do, as told at the last join. */
  readonly permissions?: { readonly read: boolean; readonly write: boolean } | undefined;
  /** What the server can do beyond version 0.1, as told at the last join. */
  readonly features?: ReadonlySet<Feature> | undefined;
  /** Why the engine closed itself: the server refused it, and would again. */
  readonly error?: DustError | undefined;
}

/** A write for the channel (PROTOCOL §4). */
export interface SyncWrite {
  readonly op: Exclude<OperationKind, 'put_file'>;
  readonly path: Path;
  readonly value?: JsonValue | undefined;
  readonly clientOpId?: string | undefined;
  readonly ifMatch?: number | undefined;
  readonly ifAbsent?: boolean | undefined;
  /** The caller's own fence; excludes the session's, so the write is delivered once at the most, else `indeterminate`. */
  readonly fence?: Fence | undefined;
  readonly ttl?: number | undefined;
  readonly holder?: string | undefined;
  readonly token?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A file for the channel (PROTOCOL §4). */
export interface SyncFile {
  readonly path: Path;
  readonly content: Uint8Array;
  readonly filename: string;
  readonly contentType?: string | undefined;
  readonly clientOpId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** An acknowledged write. The mirror holds it, and everything before it. */
export interface SyncReceipt {
  readonly storeSeq: number;
  /** The server's whole answer: a lease's token, a file's hash. */
  readonly response: JsonObject;
}
