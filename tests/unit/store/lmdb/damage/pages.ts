import {
  NODE_HEADER_BYTES,
  PAGE_FLAGS,
  PAGE_HEADER_BYTES,
} from '../../../../../src/store/lmdb/damage/layout.js';

export const PAGE_SIZE = 8192;

/** A node of a page: what stands in its header, its key, and what lies behind that. */
export interface NodeBytes {
  readonly key: string;
  readonly size: number;
  readonly flags: number;
  readonly data?: Buffer;
}

/** A page as LMDB lays it out, of transaction 5. */
export function pageOf(number: number, kind: keyof typeof PAGE_FLAGS, nodes: readonly NodeBytes[]): Buffer {
  const bytes = Buffer.alloc(PAGE_SIZE);
  bytes.writeBigUInt64LE(BigInt(number), 0);
  bytes.writeBigUInt64LE(5n, 8);
  bytes.writeUInt16LE(PAGE_FLAGS[kind], 18);
  let upper = PAGE_SIZE - PAGE_HEADER_BYTES;
  nodes.forEach(({ key, size, flags, data = Buffer.alloc(0) }, i) => {
    const used = NODE_HEADER_BYTES + key.length + data.length;
    upper -= used + (used % 2);
    const at = PAGE_HEADER_BYTES + upper;
    bytes.writeUInt32LE(size, at);
    bytes.writeUInt16LE(flags, at + 4);
    bytes.writeUInt16LE(key.length, at + 6);
    bytes.write(key, at + NODE_HEADER_BYTES);
    data.copy(bytes, at + NODE_HEADER_BYTES + key.length);
    bytes.writeUInt16LE(upper, PAGE_HEADER_BYTES + 2 * i);
  });
  bytes.writeUInt16LE(2 * nodes.length, 20);
  bytes.writeUInt16LE(upper, 22);
  return bytes;
}

/** The first of pages that hold a large value. */
export function overflowPage(number: number, count: number, value: Buffer): Buffer {
  const bytes = Buffer.alloc(PAGE_SIZE * count);
  bytes.writeBigUInt64LE(BigInt(number), 0);
  bytes.writeBigUInt64LE(5n, 8);
  bytes.writeUInt16LE(PAGE_FLAGS.overflow, 18);
  bytes.writeUInt32LE(count, 20);
  value.copy(bytes, PAGE_HEADER_BYTES);
  return bytes;
}
