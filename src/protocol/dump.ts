import type { Path } from './path.js';
import type { JsonValue, LeafType } from './value.js';

/** The version of the path syntax that a dump is written in (PROTOCOL §3). */
export const DUMP_PATH_SCHEMA_VERSION = 3;

/** The first line of a dump. */
export interface DumpHeader {
  readonly _header: true;
  readonly path_schema_version: number;
  /** The store it was made from, `org/name`. */
  readonly store?: string;
  /** The seq of the last operation it contains. */
  readonly store_seq?: number;
}

/** One leaf of a dump: every line but the first. */
export interface DumpedLeaf {
  readonly path: Path;
  readonly value: JsonValue;
  readonly type: LeafType;
}
