import {
  NODE_FLAGS,
  NODE_HEADER_BYTES,
  OVERFLOW_RECORD_BYTES,
  PAGE_FLAGS,
  PAGE_HEADER_BYTES,
  TREE_RECORD_BYTES,
  freeSpaceOf,
  pageFlagsOf,
  pageNumberOf,
  pageTransactionOf,
} from './layout.js';

/** A key with where its value is. */
export interface LeafNode {
  readonly key: Buffer;
  /** One of {@link NODE_FLAGS}. */
  readonly flags: number;
  /** Bytes of the value. */
  readonly size: number;
  /** The value, or the record that leads to it. */
  readonly data: Buffer;
}

/** A page below another one, and the first key it may hold; of the first page below, no key is kept. */
export interface BranchNode {
  readonly key: Buffer;
  readonly page: number;
}

export type PageContent =
  | { readonly fault: string }
  | { readonly fault?: undefined; readonly leaves: readonly LeafNode[] }
  | { readonly fault?: undefined; readonly branches: readonly BranchNode[] };

/** What a page has to be. */
export interface ExpectedPage {
  readonly number: number;
  readonly kind: 'branch' | 'leaf';
  /** No page is of a later transaction. */
  readonly transaction: number;
}

/** Reads a page of a tree: its nodes, or what is wrong with it. */
export function readPage(bytes: Buffer, expected: ExpectedPage): PageContent {
  const at = (fault: string): PageContent => ({ fault: `page ${expected.number}: ${fault}` });
  const fault = headerFault(bytes, expected, PAGE_FLAGS[expected.kind]);
  if (fault !== undefined) return at(fault);
  const { lower, upper } = freeSpaceOf(bytes);
  const end = bytes.length - PAGE_HEADER_BYTES;
  if (lower % 2 !== 0 || lower > upper || upper > end) return at('its bounds cannot be');
  const body = bytes.subarray(PAGE_HEADER_BYTES);
  const places = Array.from({ length: lower / 2 }, (_, i) => body.readUInt16LE(2 * i));
  const isBranch = expected.kind === 'branch';
  if (places.length < (isBranch ? 2 : 1)) return at('it holds too little');
  const nodes = places.map((at) => nodeAt(body, at, upper, isBranch));
  let used = 0;
  for (const node of nodes) {
    if (node === undefined) return at('an entry of it does not lie in it');
    used += node.bytes;
  }
  // LMDB leaves no gap between entries, so none of them can overlap either.
  if (used !== end - upper) return at('its entries do not fill it');
  const sound = nodes.filter((node) => node !== undefined);
  return isBranch ? { branches: sound.map(branchNode) } : { leaves: sound };
}

/** What is wrong with the header of a page. */
export function headerFault(
  bytes: Buffer,
  { number, transaction }: Omit<ExpectedPage, 'kind'>,
  flags: number,
): string | undefined {
  if (bytes.every((byte) => byte === 0)) return 'it is empty';
  if (pageNumberOf(bytes) !== number) return 'it holds something else';
  if (pageFlagsOf(bytes) !== flags) return 'it is of another kind';
  const written = pageTransactionOf(bytes);
  return written === 0 || written > transaction ? 'it is of a transaction that never was' : undefined;
}

interface Node extends LeafNode {
  /** Bytes of the page that it takes. */
  readonly bytes: number;
}

function nodeAt(body: Buffer, at: number, upper: number, isBranch: boolean): Node | undefined {
  const keyAt = at + NODE_HEADER_BYTES;
  if (at % 2 !== 0 || at < upper || keyAt > body.length) return undefined;
  const size = body.readUInt32LE(at);
  const flags = body.readUInt16LE(at + 4);
  const keyEnd = keyAt + body.readUInt16LE(at + 6);
  const length = isBranch ? 0 : dataLength(flags, size);
  if (length === undefined || keyEnd + length > body.length) return undefined;
  const used = keyEnd + length - at;
  return {
    key: body.subarray(keyAt, keyEnd),
    flags,
    size,
    data: body.subarray(keyEnd, keyEnd + length),
    bytes: used + (used % 2),
  };
}

/** How much of a value lies in the page. */
function dataLength(flags: number, size: number): number | undefined {
  switch (flags) {
    case NODE_FLAGS.inline:
      return size;
    case NODE_FLAGS.overflow:
      return OVERFLOW_RECORD_BYTES;
    case NODE_FLAGS.tree:
      return size === TREE_RECORD_BYTES ? size : undefined;
    default:
      return undefined;
  }
}

/** In a branch the size and the flags are the low and the high half of a page number. */
function branchNode({ key, flags, size }: Node): BranchNode {
  return { key, page: size + flags * 2 ** 32 };
}
