import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { folderUnusable } from '../errors.js';
import { isFileThere } from '../folder/check-files.js';
import { hasCode } from '../system-error.js';
import { PageFile } from './page-file.js';

/** The file beside the data that says what wrote it. */
export const MARK_FILE = 'FORMAT';

/** More than any release writes. */
const MAX_BYTES = 64;

/**
 * The version of the layout that stands beside the data; undefined where no store was ever completed. A file beside the data
 * is what tells a store whose data file was emptied or removed from a folder whose first opening found no room.
 *
 * @throws DustError `storage` with detail `unreadable` when it is none that a store writes; the system's error
 */
export function markedFormat(folder: string): number | undefined {
  const text = markIn(folder);
  if (text === undefined) return undefined;
  if (text.length > MAX_BYTES) {
    throw folderUnusable(folder, `${MARK_FILE} is longer than any that a store writes`);
  }
  return Number.parseInt(text, 10) || 0;
}

/** At most one byte more than a mark can have, whatever stands there. */
function markIn(folder: string): string | undefined {
  if (!isFileThere(folder, MARK_FILE)) return undefined;
  let file: PageFile;
  try {
    file = PageFile.open(join(folder, MARK_FILE));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  try {
    return file.readBytes(0, MAX_BYTES + 1).toString('latin1');
  } finally {
    file.close();
  }
}

/** Notes that the folder holds a store. @throws the system's error, such as that of a full disk */
export function writeMark(folder: string, version: number): void {
  if ((markedFormat(folder) ?? 0) >= version) return;
  const file = openSync(join(folder, MARK_FILE), 'w', 0o664);
  try {
    writeSync(file, `${version}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** {@link writeMark} where it may fail. To be called when the folder's first transaction is committed. */
export function markFormat(folder: string, version: number): void {
  try {
    writeMark(folder, version);
  } catch {
    // The next opening tries again; until then an emptied data file reads as a new one.
  }
}
