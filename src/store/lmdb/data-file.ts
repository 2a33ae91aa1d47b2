import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Checks that this process may use the folder and what LMDB keeps in it, because LMDB ends the process where it may not.
 * The lock file is asked about and never opened: closing it would give up all locks this process holds on it.
 *
 * @throws the system's error, such as `EACCES`
 */
export function assertAccess(folder: string): void {
  const { R_OK, W_OK, X_OK } = constants;
  accessSync(folder, R_OK | W_OK | X_OK);
  for (const file of [join(folder, 'data.mdb'), join(folder, 'lock.mdb')]) {
    if (existsSync(file)) accessSync(file, R_OK | W_OK);
  }
}

/** Bytes of the data file in `folder`. @throws the system's error */
export function dataFileSize(folder: string): number {
  return statSync(join(folder, 'data.mdb')).size;
}
