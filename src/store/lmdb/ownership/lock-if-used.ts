import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { FolderLock } from './folder-lock.js';
import { loadKernelLock } from './kernel-lock.js';
import { LOCK_NAME } from './lock-file.js';
import { newOwnerRecord } from './owner-record.js';

/**
 * Keeps everybody from opening a folder that is read, and that somebody may have open. One without the file of a lock, such
 * as a backup, nobody has. It stays as it is, on a medium that cannot be written to as well.
 *
 * @throws DustError `storage` with detail `locked`
 */
export async function lockIfUsed(folder: string, takeOver = false): Promise<FolderLock | undefined> {
  if (lstatSync(join(folder, LOCK_NAME), { throwIfNoEntry: false }) === undefined) return undefined;
  const tryLock = await loadKernelLock();
  return FolderLock.takeToRead({ folder, here: newOwnerRecord(), tryLock, takeOver });
}
