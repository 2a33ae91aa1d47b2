import { lockUnavailable } from '../errors.js';

/** Locks an open file for its descriptor alone, at once or not at all. @throws the system's error */
export type TryLock = (file: number) => boolean;

/** Where the lock lies on Windows, which lets nobody read what is locked: behind any record. */
const BEHIND_THE_RECORD = 2 ** 30;

/**
 * The kernel's lock on an open file: an OFD lock on Linux, `flock` on macOS, `LockFileEx` on Windows. It belongs to the
 * open file and not to the process, and ends with it, however that comes about. Whoever asks on the same kernel is told
 * the truth, in whatever thread, container or namespace.
 *
 * @throws DustError `storage` with detail `unavailable`
 */
export async function loadKernelLock(): Promise<TryLock> {
  const { tryLock } = await import('fs-native-extensions').catch((error: unknown) => {
    throw lockUnavailable(error);
  });
  return process.platform === 'win32'
    ? (file) => tryLock(file, BEHIND_THE_RECORD, 1)
    : (file) => tryLock(file);
}
