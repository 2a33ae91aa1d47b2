import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FolderLock } from './folder-lock.js';
import { loadKernelLock } from './kernel-lock.js';
import { LOCK_NAME } from './lock-file.js';
import { newOwnerRecord } from './owner-record.js';

/**
 * Locks a folder that somebody may have open. One without the file of a lock, such as a backup, nobody has: it stays as
 * it is, on a medium that cannot be written to as well.
 *
 * @throws DustError `storage` with detail `locked`
 */
export async function lockIfUsed(folder: string): Promise<FolderLock | undefined> {
  if (!existsSync(join(folder, LOCK_NAME))) return undefined;
  const tryLock = await loadKernelLock();
  return FolderLock.take({ folder, here: newOwnerRecord(), tryLock, takeOver: false });
}
