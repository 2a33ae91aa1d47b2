import type { Path } from '../../protocol/path.js';

/**
 * Pages of this many bytes take keys of up to 4,026 bytes, more than the longest path of a store; the usual pages of
 * 4,096 bytes would stop at 1,978.
 */
export const PAGE_SIZE = 8192;

const LOWEST_KEY = Buffer.of(0);

/** The key of a leaf: the UTF-8 bytes of its path, so that key order is store order (PROTOCOL §1). */
export function keyOfPath(path: Path): Buffer {
  return Buffer.from(path, 'utf8');
}

/** The path of a leaf's key. */
export function pathOfKey(key: Uint8Array): Path {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('utf8');
}

/** The key of a range's border. Keys are not empty, so that an empty path stands for the lowest of them. */
export function keyOfBorder(path: Path): Buffer {
  return path === '' ? LOWEST_KEY : keyOfPath(path);
}
