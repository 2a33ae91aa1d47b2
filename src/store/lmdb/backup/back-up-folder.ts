import { accessSync, constants, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isDustError, messageOf } from '../../../errors.js';
import { writeMark } from '../damage/index.js';
import { canReadLayout } from '../damage/platform.js';
import { folderUnusable } from '../errors.js';
import type { FolderWork } from '../../folder-work.js';
import { FORMAT_VERSION } from '../format.js';
import { openLmdbStorage } from '../open-lmdb-storage.js';
import { lockIfUsed } from '../ownership/lock-if-used.js';
import { copyDataFile, soundLeaves } from './copy-data-file.js';
import { dataFolders } from './data-folders.js';
import { makeNewFolder } from './new-folder.js';

/**
 * Copies the stores in a folder that nobody has open, its own and those below it, into the new folder `out`. Resolves to their
 * number; with none, nothing is made.
 *
 * @throws DustError what opening a data folder throws, and `StoreStorage.backup`; what the signal was aborted with
 */
export async function backUpFolder(folder: string, out: string, outer: FolderWork = {}): Promise<number> {
  const { signal } = outer;
  const ways = waysIn(resolve(folder));
  if (ways.length === 0) return 0;
  const make = async (made: string, work: FolderWork): Promise<void> => {
    for (const way of ways) {
      signal?.throwIfAborted();
      const copy = join(made, way);
      if (way !== '') mkdirSync(dirname(copy), { recursive: true });
      await backUpOne(join(folder, way), copy, work);
    }
    signal?.throwIfAborted();
  };
  await makeNewFolder(out, [folder], make, outer);
  return ways.length;
}

function waysIn(folder: string): string[] {
  try {
    return dataFolders(folder);
  } catch (error) {
    throw folderUnusable(folder, messageOf(error), error);
  }
}

/** What may not be written to is copied as it lies, and only looked at. */
async function backUpOne(folder: string, copy: string, work: FolderWork): Promise<void> {
  if (canReadLayout() && !isWritable(folder)) {
    await copyAsItLies(folder, copy, work);
    return;
  }
  const storage = await openLmdbStorage({ path: folder });
  try {
    await storage.backup?.(copy, work);
  } finally {
    await storage.close();
  }
}

async function copyAsItLies(folder: string, copy: string, work: FolderWork): Promise<void> {
  const lock = await lockIfUsed(folder);
  try {
    await soundLeaves(folder, work);
  } catch (error) {
    lock?.release();
    throw isDustError(error) || work.signal?.aborted === true
      ? error
      : folderUnusable(folder, messageOf(error), error);
  }
  try {
    await copyDataFile(folder, copy, work);
    writeMark(copy, FORMAT_VERSION);
  } finally {
    lock?.release();
  }
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
