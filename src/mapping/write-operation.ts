import type { Path } from '../protocol/paths/path.js';
import type { JsonObject, JsonValue } from '../protocol/values/value.js';

/** Writes a leaf, or a map in place of everything at and below the path (PROTOCOL §2). */
export interface SetOperation {
  readonly op: 'set';
  readonly path: Path;
  readonly value: JsonValue;
  readonly ifMatch?: number;
  readonly ifAbsent?: boolean;
}

/** Removes the leaf and every descendant. */
export interface DeleteOperation {
  readonly op: 'delete';
  readonly path: Path;
  readonly ifMatch?: number;
}

/** Writes each child of the path that the map names, and leaves the others alone. */
export interface MergeOperation {
  readonly op: 'merge';
  readonly path: Path;
  readonly value: JsonObject;
}

/** An operation of an atomic batch, as the transport port takes it. */
export type WriteOperation = SetOperation | DeleteOperation | MergeOperation;
