import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { messageOf } from '../../../errors.js';
import { folderUnusable } from '../errors.js';
import { openLmdbStorage } from '../open-lmdb-storage.js';
import { dataFolders } from './data-folders.js';
import { makeNewFolder } from './new-folder.js';

/**
 * Copies the stores in a folder that nobody has open, its own and those below it, into the new folder `out`. Resolves to their
 * number; with none, nothing is made.
 *
 * @throws DustError what opening a data folder throws, and `StoreStorage.backup`; what `signal` was aborted with
 */
export async function backUpFolder(folder: string, out: string, signal?: AbortSignal): Promise<number> {
  const ways = waysIn(resolve(folder));
  if (ways.length === 0) return 0;
  await makeNewFolder(out, [folder], async (made) => {
    for (const way of ways) {
      signal?.throwIfAborted();
      const copy = join(made, way);
      if (way !== '') mkdirSync(dirname(copy), { recursive: true });
      await backUpOne(join(folder, way), copy);
    }
    signal?.throwIfAborted();
  });
  return ways.length;
}

function waysIn(folder: string): string[] {
  try {
    return dataFolders(folder);
  } catch (error) {
    throw folderUnusable(folder, messageOf(error), error);
  }
}

async function backUpOne(folder: string, copy: string): Promise<void> {
  const storage = await openLmdbStorage({ path: folder });
  try {
    await storage.backup?.(copy);
  } finally {
    await storage.close();
  }
}
