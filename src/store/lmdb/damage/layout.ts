/**
 * How LMDB lays out a data file on 64-bit little-endian machines, as far as its soundness can be told by reading: offsets
 * in bytes. Page numbers become numbers: those beyond 2^53 lose digits, and are beyond every file anyway.
 */

export const PAGE_HEADER_BYTES = 24;
export const NODE_HEADER_BYTES = 8;
/** Pages 0 and 1 each hold a state of the whole file; the one of the greater transaction counts. */
export const META_PAGES = 2;
/** Bytes of a meta page that are looked at. */
export const META_BYTES = 160;
/** Bytes of the record that describes a tree. */
export const TREE_RECORD_BYTES = 48;
/** Bytes of the record that says where an overflowing value lies. */
export const OVERFLOW_RECORD_BYTES = 24;

export const PAGE_FLAGS = { branch: 1, leaf: 2, overflow: 4, meta: 8 } as const;
export const NODE_FLAGS = { inline: 0, overflow: 1, tree: 2 } as const;

const MAGIC = { at: 24, value: 0xbeef_c0de };
const VERSION = { at: 28, value: 2 };
const FREE_TREE_AT = 48;
const MAIN_TREE_AT = 96;
const LAST_PAGE_AT = 144;
const TRANSACTION_AT = 152;
const NO_PAGE = 0xffff_ffff_ffff_ffffn;

/** What is recorded of a tree. */
export interface TreeRecord {
  /** Levels of pages; 0 when it is empty. */
  readonly depth: number;
  readonly branchPages: number;
  readonly leafPages: number;
  readonly overflowPages: number;
  readonly entries: number;
  /** Undefined when it is empty. */
  readonly root: number | undefined;
}

/** The state of a file as one of its meta pages has it. */
export interface Meta {
  readonly pageSize: number;
  /** Which pages are free. */
  readonly free: TreeRecord;
  /** The named trees. */
  readonly main: TreeRecord;
  /** The last page in use or free: a file may end before it only where its last pages are free. */
  readonly lastPage: number;
  /** The number of the transaction that wrote it. */
  readonly transaction: number;
}

/** Reads a meta page, undefined when the bytes are none. */
export function metaOf(bytes: Buffer): Meta | undefined {
  if (bytes.length < META_BYTES || (pageFlagsOf(bytes) & PAGE_FLAGS.meta) === 0) return undefined;
  if (bytes.readUInt32LE(MAGIC.at) !== MAGIC.value) return undefined;
  if ((bytes.readUInt32LE(VERSION.at) & 0xffff) !== VERSION.value) return undefined;
  return {
    pageSize: bytes.readUInt32LE(FREE_TREE_AT),
    free: treeRecordOf(bytes, FREE_TREE_AT),
    main: treeRecordOf(bytes, MAIN_TREE_AT),
    lastPage: wholeNumber(bytes, LAST_PAGE_AT),
    transaction: wholeNumber(bytes, TRANSACTION_AT),
  };
}

/** Reads the record of a tree at `at`. */
export function treeRecordOf(bytes: Buffer, at: number): TreeRecord {
  return {
    depth: bytes.readUInt16LE(at + 6),
    branchPages: wholeNumber(bytes, at + 8),
    leafPages: wholeNumber(bytes, at + 16),
    overflowPages: wholeNumber(bytes, at + 24),
    entries: wholeNumber(bytes, at + 32),
    root: bytes.readBigUInt64LE(at + 40) === NO_PAGE ? undefined : wholeNumber(bytes, at + 40),
  };
}

/** The number of pages that a value of `size` bytes takes beside a tree. */
export function overflowPagesFor(size: number, pageSize: number): number {
  return Math.floor((PAGE_HEADER_BYTES - 1 + size) / pageSize) + 1;
}

export const pageNumberOf = (page: Buffer): number => wholeNumber(page, 0);
export const pageTransactionOf = (page: Buffer): number => wholeNumber(page, 8);
export const pageFlagsOf = (page: Buffer): number => page.readUInt16LE(18);
/** Where the list of nodes ends and the nodes begin, counted from the end of the header. */
export const freeSpaceOf = (page: Buffer): { readonly lower: number; readonly upper: number } => ({
  lower: page.readUInt16LE(20),
  upper: page.readUInt16LE(22),
});
export const overflowPagesOf = (page: Buffer): number => page.readUInt32LE(20);

/** An unsigned number of 64 bits. */
export function wholeNumber(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 2 ** 32;
}

/** A signed number of 64 bits. */
export function signedNumber(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readInt32LE(at + 4) * 2 ** 32;
}
