import type { Path } from './path.js';

/**
 * The longest rendered path a store takes, in bytes of UTF-8: what a key of LMDB holds. It is the same on every storage,
 * so that what passes in memory passes on disk.
 */
export const MAX_PATH_BYTES = 3800;

const MAX_BYTES_PER_UNIT = 3;

/** Whether a path is so long that a store has nothing there. */
export function isTooLong(path: Path): boolean {
  if (path.length * MAX_BYTES_PER_UNIT <= MAX_PATH_BYTES) return false;
  return path.length > MAX_PATH_BYTES || Buffer.byteLength(path) > MAX_PATH_BYTES;
}

/** Whether a store can have a record there, which lies below the path, if only with one field. */
export function hasRoomBelow(path: Path): boolean {
  return !isTooLong(`${path}/**`);
}
