import type { TreeRecord } from '../../../../../src/store/lmdb/damage/layout.js';
import { NODE_FLAGS } from '../../../../../src/store/lmdb/damage/layout.js';
import type { TreeEntry } from '../../../../../src/store/lmdb/damage/tree-walk.js';

/** An entry of a tree as a walk meets it; without a value, its bytes are lost. */
export function entry(key: string | Buffer, value: unknown): TreeEntry {
  const bytes = Buffer.isBuffer(value) || value === undefined ? value : Buffer.from(JSON.stringify(value));
  const node = { key: Buffer.from(key), flags: NODE_FLAGS.tree, size: 0, data: Buffer.alloc(0) };
  return { key: node.key, node: node, value: () => bytes };
}

/** A number as a key of lmdb: a double behind four bits. */
export function numberKeyOf(number: number): Buffer {
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(number);
  return Buffer.from(`1${bits.toString('hex')}0`, 'hex');
}

/** Bytes that are no text. */
export const NOISE = Buffer.from([0xff, 0xfe, 0x80]);

/** What is noted of a tree that holds nothing. */
export const EMPTY_TREE: TreeRecord = {
  depth: 0,
  branchPages: 0,
  leafPages: 0,
  overflowPages: 0,
  entries: 0,
  root: undefined,
};
