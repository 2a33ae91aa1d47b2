import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RootDatabase } from 'lmdb';
import { verifyFolder, writeMark } from '../damage/index.js';
import { canReadLayout } from '../damage/platform.js';
import { backupDamaged } from '../errors.js';
import { DATA_FILE } from '../folder/check-files.js';
import type { FolderWork } from '../../folder-work.js';
import { FORMAT_VERSION } from '../format.js';
import { makeNewFolder } from './new-folder.js';
import { syncPath } from './sync-path.js';
import { tellCopying } from './tell-copying.js';

/**
 * Copies an open environment as it stands now into the folder `out`, which it makes: by LMDB's own copy, in a thread of its
 * own, while reads and writes go on. The copy is walked before it gets its name. Who has the folder open is not part of it.
 *
 * @throws DustError as `makeNewFolder`; `storage` with detail `corrupt` when what was copied is damaged; what the signal was aborted with
 */
export async function takeBackup(
  path: string,
  root: RootDatabase<unknown, string>,
  out: string,
  outer: FolderWork = {},
): Promise<void> {
  const make = async (folder: string, work: FolderWork): Promise<void> => {
    mkdirSync(folder);
    const copying = { folder: path, from: join(path, DATA_FILE), to: join(folder, DATA_FILE) };
    await tellCopying(copying, work, () => root.backup(folder, false));
    work.signal?.throwIfAborted();
    syncPath(copying.to);
    if (canReadLayout()) {
      const { lost } = await verifyFolder(folder, work);
      const summary = lost.summary();
      if (summary !== undefined) throw backupDamaged(path, summary);
    }
    writeMark(folder, FORMAT_VERSION);
  };
  await makeNewFolder(out, [path], make, outer);
}
