import { constants, copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { markedFormat, verifyFolder } from '../damage/index.js';
import { damagedStore, newerFormat, notAStore } from '../errors.js';
import { DATA_FILE, isFileThere } from '../folder/check-files.js';
import { FORMAT_VERSION } from '../format.js';
import type { FolderWork } from '../../folder-work.js';
import { syncPath } from './sync-path.js';
import { tellCopying } from './tell-copying.js';

/**
 * The number of leaves of a data folder that is whole.
 *
 * @throws DustError `storage` with detail `corrupt`, `newer_version` or `unreadable`; the system's error, what the signal was aborted with
 */
export async function soundLeaves(folder: string, work: FolderWork): Promise<number> {
  const marked = markedFormat(folder) ?? FORMAT_VERSION;
  if (!isFileThere(folder, DATA_FILE)) throw notAStore(folder, `${DATA_FILE} is missing`);
  const { lost, leaves, format } = await verifyFolder(folder, work);
  const version = Math.max(marked, format ?? 0);
  if (version > FORMAT_VERSION) throw newerFormat(folder, version, FORMAT_VERSION);
  const summary = lost.summary();
  if (summary !== undefined) throw damagedStore(folder, lost.count, summary);
  return leaves;
}

/** Copies the data file of a folder that nobody writes to into the new folder `copy`, and walks the copy. @throws as {@link soundLeaves} */
export async function copyDataFile(folder: string, copy: string, work: FolderWork): Promise<void> {
  await mkdir(copy);
  const [from, to] = [join(folder, DATA_FILE), join(copy, DATA_FILE)];
  await tellCopying({ folder, from, to }, work, () => copyFile(from, to, constants.COPYFILE_FICLONE));
  syncPath(to);
  await soundLeaves(copy, work);
}
