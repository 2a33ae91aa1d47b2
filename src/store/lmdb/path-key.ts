import type { Path } from '../../protocol/paths/path.js';

/**
 * Pages of this many bytes take keys of up to 4,026 bytes, more than the longest path of a store; the usual pages of
 * 4,096 bytes would stop at 1,978.
 */
export const PAGE_SIZE = 8192;

/** How keys get into LMDB's own buffers and out of them. */
export interface KeyEncoder<Key> {
  /** Returns where the key ends in `target`. */
  writeKey(key: Key, target: Buffer, start: number): number;
  readKey(source: Buffer, start: number, end: number): Key;
}

/** Before all paths: keys are not empty. */
export const LOWEST_PATH: Path = '\u0000';

/** The key of a leaf: the UTF-8 bytes of its path, so that key order is store order (PROTOCOL §1). */
export const PATH_KEYS: KeyEncoder<Path> = {
  writeKey: (path, target, start) => start + target.write(path, start, 'utf8'),
  readKey: (source, start, end) => source.toString('utf8', start, end),
};
