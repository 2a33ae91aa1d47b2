import { isDustError, messageOf } from '../../../errors.js';
import { folderUnusable, newerFormat, notAStore, verifyUnavailable } from '../errors.js';
import { FORMAT_VERSION } from '../format.js';
import { DATA_FILE, isFileThere } from '../folder/check-files.js';
import type { FolderWork } from '../../folder-work.js';
import { lockIfUsed } from '../ownership/lock-if-used.js';
import { canReadLayout } from './platform.js';
import { markedFormat } from './store-mark.js';
import type { FolderReport } from './verify.js';
import { verifyFolder } from './verify.js';

/**
 * Walks all of a data folder that nobody has open, changing nothing. Undefined where no store is and none was.
 *
 * @throws DustError `storage` with detail `locked`, `corrupt` when the data file is missing, `newer_version` or `unreadable`;
 * `not_supported`; what the signal was aborted with
 */
export async function inspectFolder(
  folder: string,
  work: FolderWork = {},
): Promise<FolderReport | undefined> {
  const { signal } = work;
  signal?.throwIfAborted();
  if (!canReadLayout()) throw verifyUnavailable();
  const lock = await lockIfUsed(folder);
  try {
    const format = markedFormat(folder);
    if (format !== undefined && format > FORMAT_VERSION) throw newerFormat(folder, format, FORMAT_VERSION);
    if (isFileThere(folder, DATA_FILE)) return await verifyFolder(folder, work);
    if (format !== undefined) throw notAStore(folder, `${DATA_FILE} is missing`);
    return undefined;
  } catch (error) {
    if (isDustError(error) || signal?.aborted === true) throw error;
    throw folderUnusable(folder, messageOf(error), error);
  } finally {
    lock?.release();
  }
}
