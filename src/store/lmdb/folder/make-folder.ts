import { lstatSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDustError, messageOf } from '../../../errors.js';
import { folderUnusable } from '../errors.js';
import { hasCode } from '../system-error.js';

/**
 * Makes the folder when it is missing, with those above it. One at a time: Node's own way to make them all asks again for
 * ever where the file system holds no new folders, as below /proc.
 *
 * @throws DustError `storage` with detail `unreadable`
 */
export function makeFolder(folder: string): void {
  try {
    for (const path of missingUpTo(folder).reverse()) makeOne(path);
  } catch (error) {
    throw isDustError(error) ? error : folderUnusable(folder, messageOf(error), error);
  }
}

/** The folder and those above it that are not there, from the folder up. */
function missingUpTo(folder: string): string[] {
  const missing: string[] = [];
  for (let path = folder; ; path = dirname(path)) {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) return missing;
    if (found !== undefined) throw folderUnusable(folder, notAFolder(folder, path, found.isFile()));
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
      throw folderUnusable(folder, `${JSON.stringify(path)} is a link to something that is not there`);
    }
    if (dirname(path) === path) return missing;
    missing.push(path);
  }
}

function notAFolder(folder: string, path: string, isFile: boolean): string {
  const what = isFile ? 'is a file, not a folder' : 'is not a folder';
  return path === folder ? `it ${what}` : `${JSON.stringify(path)} ${what}`;
}

function makeOne(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!hasCode(error, 'EEXIST') || !statSync(path).isDirectory()) throw error;
  }
}
