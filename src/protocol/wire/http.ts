import type { Path } from '../paths/path.js';
import type { IndexPart } from '../values/record-access.js';
import type { JsonObject, JsonValue, LeafType } from '../values/value.js';

/** Segments that URL clients fold away, even when they are percent-encoded (PROTOCOL §3). */
const FOLDED: ReadonlySet<string> = new Set(['.', '..']);

/** The longest request target that common HTTP servers take, in characters. */
const MAX_URL_PATH = 4096;

/** A leaf or an assembled map as the REST interface answers it (PROTOCOL §3). */
export interface WireEntry {
  readonly path: Path;
  readonly value: JsonValue;
  readonly type: LeafType;
  readonly revision: number;
}

/** One page of `GET /entries`. */
export interface WirePage<Item = WireEntry> {
  readonly items: readonly Item[];
  readonly next_cursor: Path | null;
}

/** The answer to a single write. */
export interface WireReceipt {
  readonly revision: number;
  readonly store_seq: number;
}

/** The answer to `POST /entries/batch`. */
export interface WireEntries {
  readonly entries: Readonly<Record<Path, Omit<WireEntry, 'path'>>>;
  readonly missing: readonly Path[];
  /** With `below`: the paths that a full answer had no more room for, to be asked for again. */
  readonly unread?: readonly Path[];
}

/** One operation of `POST /entries/batch_write`: `set` and `delete` on every server, the others by its features. */
export type WireBatchOperation =
  | {
      readonly op: 'set';
      readonly path: Path;
      readonly value: JsonValue;
      readonly if_match?: number;
      readonly if_absent?: boolean;
    }
  | { readonly op: 'delete'; readonly path: Path; readonly if_match?: number }
  | { readonly op: 'merge'; readonly path: Path; readonly value: JsonObject }
  | { readonly op: 'increment'; readonly path: Path; readonly value: number }
  | { readonly op: 'add' | 'remove'; readonly path: Path; readonly value: JsonValue }
  | { readonly op: 'check'; readonly path: Path; readonly revision: number };

/** The answer to `POST /entries/batch_write`. */
export interface WireBatchReceipt {
  readonly ops: readonly (WireReceipt & { readonly path: Path })[];
  readonly store_seq: number;
}

/** The answer to `GET /indexes`. */
export interface WireIndexes {
  readonly indexes: readonly WireIndex[];
}

/** An index of a store: what it is, how far it has come, and whether it stays until it is dropped by name. */
export interface WireIndex {
  /** The path above the records. */
  readonly prefix: Path;
  /** What it is by. */
  readonly parts: readonly IndexPart[];
  /** Whether a commit is refused that would give two records the same values. */
  readonly unique: boolean;
  /** `building` while it does not hold all records yet. */
  readonly state: 'complete' | 'building';
  /** Whether it stays until it is dropped by name: clients count on it. */
  readonly kept: boolean;
}

/** The base of a store's REST interface, behind the server's own url. `store` is `org/name`. */
export function storeBasePath(store: string): string {
  return `/api/stores/${store.split('/').map(encodeURIComponent).join('/')}`;
}

/**
 * A rendered path as the tail of `/entries/`: each piece percent-encoded, `~0` and `~1` left as they are. `undefined`
 * for a path that a URL cannot carry: it goes into the body instead (PROTOCOL §3).
 */
export function entryUrlPath(path: Path): string | undefined {
  const pieces = path.split('/');
  if (pieces.some((piece) => FOLDED.has(piece))) return undefined;
  const encoded = pieces.map(encodeURIComponent).join('/');
  return encoded.length <= MAX_URL_PATH ? encoded : undefined;
}

/** The rendered path that a server reads from the tail of `/entries/`; empty pieces count for nothing (PROTOCOL §3). */
export function pathOfEntryUrl(tail: string): Path {
  return decodeURIComponent(tail).split('/').filter(Boolean).join('/');
}
