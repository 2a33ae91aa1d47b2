import { closeSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { LOCK_FILE } from './check-files.js';

/** LMDB's lock file with 126 readers takes 8,272 bytes; this is that in whole pages of memory. */
const LOCK_FILE_BYTES = 12_288;

/** More than a new environment with all its databases takes (64 KiB). */
const NEW_ENVIRONMENT_BYTES = 131_072;

/**
 * Gives LMDB's lock file its bytes on the disk. LMDB would only say how long it is and then write to it in memory, which
 * ends the process where the disk is full. To be called before LMDB has the folder open.
 *
 * @throws the system's error, such as `ENOSPC`, when a lock file that is too short cannot grow
 */
export function reserveLockFile(folder: string): void {
  const path = join(folder, LOCK_FILE);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.size < LOCK_FILE_BYTES) {
    writeZeros(path, found?.size ?? 0, LOCK_FILE_BYTES);
  }
}

/** Finds out whether the disk has room for a new environment. @throws the system's error, such as `ENOSPC` */
export function assertRoom(folder: string): void {
  const path = join(folder, 'room');
  try {
    writeZeros(path, 0, NEW_ENVIRONMENT_BYTES);
  } finally {
    rmSync(path, { force: true });
  }
}

function writeZeros(path: string, from: number, to: number): void {
  const file = openSync(path, from === 0 ? 'w' : 'r+', 0o664);
  try {
    const zeros = Buffer.alloc(to - from);
    for (let done = 0; done < zeros.length;) {
      done += writeSync(file, zeros, done, zeros.length - done, from + done);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
