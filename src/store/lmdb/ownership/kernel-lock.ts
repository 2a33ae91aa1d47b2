import { lockUnavailable } from '../errors.js';

/**
 * Locks an open file at once or not at all: for its descriptor alone, or with `shared` for as many as read what it guards. A
 * file that is open for reading only can be locked so.
 *
 * @throws the system's error
 */
export type TryLock = (file: number, options?: { readonly shared: boolean }) => boolean;

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
  const [offset, length] = process.platform === 'win32' ? [BEHIND_THE_RECORD, 1] : [0, 0];
  return (file, options) => tryLock(file, offset, length, options);
}
