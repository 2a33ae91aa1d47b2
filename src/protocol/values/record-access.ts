import type { Path } from '../paths/path.js';
import type { JsonValue, Leaf } from './value.js';

/** How the stored values of an index part are read, and so how they are ordered. */
export type IndexedType = 'string' | 'number' | 'boolean' | 'date' | 'bigint' | 'decimal' | 'bytes';

/** One of the values an index is ordered by. */
export interface IndexPart {
  /** Where the value lies below a record, rendered: `state`, `address/city`. */
  readonly path: Path;
  /** What values are meant to lie there. */
  readonly type: IndexedType;
  /** What a record without a leaf there counts as, as it would be stored. Left out: null. */
  readonly absent?: JsonValue | undefined;
}

/**
 * An index over the records of one prefix. Its entries are ordered by the values of the parts, one after the other, and among
 * equal values by slug in store order. Strings are ordered by code point, numbers, bigints and decimals by value, dates by time, false
 * before true, bytes one by one; null behind every value, and behind null what cannot be read as the part's type. Every record
 * of the prefix has one entry.
 */
export interface IndexDefinition {
  /** The path above the records. */
  readonly prefix: Path;
  /** What it is ordered by: at least one part. */
  readonly parts: readonly IndexPart[];
  /** Whether a commit is refused that would give two records the same values, none of them null. */
  readonly unique: boolean;
}

/**
 * A value to look for, as a property holds it: a date as milliseconds since the Unix epoch, a decimal as its text. Null stands for null,
 * and for absent where the part says nothing else.
 */
export type IndexedValue = string | number | bigint | boolean | Uint8Array | null;

/** Where a range begins or ends. */
export interface IndexBound {
  /** Not null: null lies within no bounds. */
  readonly value: Exclude<IndexedValue, null>;
  /** Whether the value itself is part of the range. */
  readonly inclusive: boolean;
}

/** Entries of an index that lie together. */
export interface IndexRange {
  /** The values of the first parts; of none, of some, or of all. */
  readonly equal: readonly IndexedValue[];
  /** From where on, in the part behind those. A range with a bound holds neither null nor what cannot be read. */
  readonly from?: IndexBound | undefined;
  /** Up to where, in the part behind those. */
  readonly to?: IndexBound | undefined;
  /** Without bounds: whether entries in which the part behind those is null are left out. Default false. */
  readonly present?: boolean | undefined;
}

/** Where a range of slugs begins or ends, in store order. */
export interface SlugBound {
  /** The slug, unescaped. It need not exist. */
  readonly slug: string;
  /** Whether the slug itself is part of the range. */
  readonly inclusive: boolean;
}

/** Records in the order of the store, from one end or from the other. */
export interface SlugRange {
  /** What tells the two kinds of access apart. */
  readonly by: 'slug-range';
  /** Default: from the first one on. */
  readonly from?: SlugBound | undefined;
  /** Default: to the last one. */
  readonly to?: SlugBound | undefined;
  /** Only slugs that begin with this. */
  readonly startsWith?: string | undefined;
  /** From the last to the first. Default false. */
  readonly reverse?: boolean | undefined;
}

/** Records in the order of an index, from one end or from the other. */
export interface IndexRanges {
  /** What tells the two kinds of access apart. */
  readonly by: 'index';
  /** One that is in use. */
  readonly index: IndexDefinition;
  /** Walked one after the other. They do not overlap. */
  readonly ranges: readonly IndexRange[];
  /** Each range by falling values; those of equal values by rising slugs all the same. Default false. */
  readonly reverse?: boolean | undefined;
}

/** A way to some of the records of a prefix. */
export type RecordAccess = SlugRange | IndexRanges;

/** A place in the order of an access, which need not have a record any more. */
export interface RecordPosition {
  /** Of the record that lies or lay there, unescaped. */
  readonly slug: string;
  /** Of an index, the values of its parts. */
  readonly values?: readonly IndexedValue[] | undefined;
}

/** A record as it lies in the store: its leaves below `<prefix>/<slug>`, in store order, at least one. */
export interface RecordLeaves {
  /** Unescaped. */
  readonly slug: string;
  /** With their whole paths. */
  readonly leaves: readonly Leaf[];
}

/** Records that are read as they are consumed, and where that stands. */
export interface RecordWalk extends Iterable<RecordLeaves> {
  /**
   * The place of the record consumed last, for whoever goes on behind it later; undefined before the first. Of an index that holds what cannot be
   * read as its type, null stands for that.
   */
  readonly position: RecordPosition | undefined;
}

/** The records of one prefix as they were at one moment, whatever has been written since. */
export interface HeldRecords {
  /** As they were. */
  readonly records: LocalRecords;
  /** Whether they can still be read: too much may have been written. */
  readonly isWhole: boolean;
  /** To be called on every way out. */
  release(): void;
}

/**
 * The records of one prefix, read in this process and at once. Usable until the next turn of the event loop; whoever reads on later
 * asks for it again and compares `moment`. All calls fail with the DustErrors that a read of the transport may meet.
 */
export interface LocalRecords {
  /** The seq of the last operation that these reads see: it stands still as long as nothing was written. */
  readonly moment: number;
  /** How often the store has moved back since it was opened, as one that was put back from a copy has: only within an era a later moment is a greater one. */
  readonly era: number;
  /** The indexes that can be read, those that are still being built left out. */
  readonly indexes: readonly IndexDefinition[];
  /** The record with this slug. */
  get(slug: string): RecordLeaves | undefined;
  /**
   * The records of an access behind `after`, read as they are consumed. Costs those that are consumed, wherever they lie. Consumed
   * within this turn and closed on every way out. A walk through a range of slugs tells `onStray` of what lies at a record's own path.
   */
  walk(access: RecordAccess, after?: RecordPosition, onStray?: (leaf: Leaf) => void): RecordWalk;
  /** How many records an access has. Reads none of them; stops counting at `atMost`. */
  count(access: RecordAccess, atMost?: number): number;
  /** The values of an index at the first entry of an access, read without its record. */
  first(access: IndexRanges): RecordPosition | undefined;
  /** Holds the records as they are now, for later turns. Undefined when too many are held; left out where none can be. */
  hold?(): HeldRecords | undefined;
}
