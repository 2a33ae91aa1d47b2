import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '../system-error.js';

const NAME = 'FORMAT';

/**
 * The version of the layout that stands beside the data; undefined where no store was ever completed. A file beside the data
 * is what tells a store whose data file was emptied or removed from a folder whose first opening found no room.
 *
 * @throws the system's error
 */
export function markedFormat(folder: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(join(folder, NAME), 'utf8'), 10) || 0;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Notes that the folder holds a store. To be called when its first transaction is committed; a full disk may refuse it. */
export function markFormat(folder: string, version: number): void {
  try {
    if ((markedFormat(folder) ?? 0) >= version) return;
    const file = openSync(join(folder, NAME), 'w', 0o664);
    try {
      writeSync(file, `${version}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch {
    // The next opening tries again; until then an emptied data file reads as a new one.
  }
}
