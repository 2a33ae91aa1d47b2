import type { Fence } from '../protocol/requests/operation.js';
import type { Path } from '../protocol/paths/path.js';
import type { Preconditions } from '../protocol/requests/request-checks.js';
import type { JsonObject, JsonValue, LeafType } from '../protocol/values/value.js';

/** What every write may carry beside its operation. */
export interface WriteContext {
  /** Who writes. Default null: unknown. */
  readonly deviceId?: string | null | undefined;
  /**
   * Identifies the write: made again under the same id while the log keeps the first one, it applies nothing and
   * answers the first receipt. A random one is made up when left out.
   */
  readonly clientOpId?: string | undefined;
  /** The write applies only while `key` holds a live lease with this token (PROTOCOL §6). */
  readonly fence?: Fence | undefined;
  /** `false` tells no watcher: they learn of it when they catch up (PROTOCOL §5.4). Default true. */
  readonly announce?: boolean | undefined;
  /** `false` applies a write again that is made again under the same id (PROTOCOL §5.5). Default true. */
  readonly deduplicate?: boolean | undefined;
}

export interface SetOperation extends Preconditions {
  readonly op: 'set';
  readonly path: Path;
  readonly value: JsonValue;
  /**
   * The types of leaves, by path, that their values do not tell: a float written `1.0`, a counter that is restored.
   * Other leaves take the type of their value.
   */
  readonly leafTypes?: ReadonlyMap<Path, LeafType> | undefined;
}

export interface DeleteOperation extends Preconditions {
  readonly op: 'delete';
  readonly path: Path;
}

export interface MergeOperation extends Preconditions {
  readonly op: 'merge';
  readonly path: Path;
  readonly value: JsonObject;
}

export interface IncrementOperation extends Preconditions {
  readonly op: 'increment';
  readonly path: Path;
  /** What is added to the number at the path. */
  readonly value: number;
}

export interface MemberOperation extends Preconditions {
  readonly op: 'add' | 'remove';
  readonly path: Path;
  /** The member of the set. Not null. */
  readonly value: JsonValue;
}

/** An operation that writes values (PROTOCOL §2). Preconditions are refused where the protocol has none. */
export type WriteOperation =
  SetOperation | DeleteOperation | MergeOperation | IncrementOperation | MemberOperation;

export type WriteRequest = WriteOperation & WriteContext;

/** Writes nothing: the batch is refused unless the greatest revision at and below the path is this one. */
export interface CheckOperation {
  readonly op: 'check';
  readonly path: Path;
  /** 0: there is nothing. */
  readonly revision: number;
}

/** An operation that may be part of a batch. */
export type BatchOperation = WriteOperation | CheckOperation;

export interface BatchRequest extends WriteContext {
  /** 1 to 1000, later ones seeing earlier ones. */
  readonly operations: readonly BatchOperation[];
}

export interface PutFileRequest extends WriteContext {
  readonly path: Path;
  readonly content: Uint8Array;
  readonly filename: string;
  /** A media type. Default `application/octet-stream`. */
  readonly contentType?: string | undefined;
}

export interface LeaseRequest extends WriteContext {
  readonly path: Path;
  /** Milliseconds. Default 30,000 (PROTOCOL §6), at most 86,400,000. */
  readonly ttl?: number | undefined;
  readonly holder?: string | null | undefined;
}

export interface RenewRequest extends WriteContext {
  readonly path: Path;
  readonly token: number;
  /** Milliseconds. Default 30,000 (PROTOCOL §6), at most 86,400,000. */
  readonly ttl?: number | undefined;
}

export interface ReleaseRequest extends WriteContext {
  readonly path: Path;
  readonly token: number;
}

/** What to bring back. */
export interface RollbackRequest extends Pick<WriteContext, 'deviceId' | 'announce'> {
  /** The operation after which it was as it shall be again; 0 for the empty store. */
  readonly toSeq: number;
  /** What lies at and below it. Default: the whole store. */
  readonly path?: Path | undefined;
}
