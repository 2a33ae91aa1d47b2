import { accessSync, closeSync, constants, lstatSync, openSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../../../errors.js';
import { exhausted, folderUnusable } from '../errors.js';

/** The files LMDB keeps in a data folder. */
export const DATA_FILE = 'data.mdb';
export const LOCK_FILE = 'lock.mdb';

/** Whether the file is in the folder. @throws DustError `storage` with detail `unreadable` when something else is; the system's error */
export function isFileThere(folder: string, name: string): boolean {
  const path = join(folder, name);
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return false;
  const found = statThrough(folder, name);
  if (found === undefined) throw folderUnusable(folder, `${name} is a link to something that is not there`);
  if (!found.isFile()) throw folderUnusable(folder, `${name} is not a file`);
  return true;
}

function statThrough(folder: string, name: string): Stats | undefined {
  try {
    return statSync(join(folder, name), { throwIfNoEntry: false });
  } catch (error) {
    throw folderUnusable(folder, `${name}: ${messageOf(error)}`, error);
  }
}

/** The descriptors that LMDB opens, and one to spare. */
const DESCRIPTORS = 5;

/**
 * Checks that this process may use the folder and what LMDB keeps in it: LMDB waits for a pipe, and the process ends by a
 * signal where LMDB cannot open what it wants. The lock file is asked about and never opened: closing it would give up all
 * locks this process holds on it.
 *
 * @throws DustError `storage` with detail `unreadable`, or the system's error, such as `EACCES`
 */
export function checkFiles(folder: string): void {
  const { R_OK, W_OK, X_OK } = constants;
  accessSync(folder, R_OK | W_OK | X_OK);
  for (const name of [DATA_FILE, LOCK_FILE]) {
    if (isFileThere(folder, name)) accessSync(join(folder, name), R_OK | W_OK);
  }
}

/** Checks that the process may open as many files as LMDB wants. @throws DustError `storage` with detail `exhausted` */
export function checkDescriptors(folder: string): void {
  const open: number[] = [];
  try {
    while (open.length < DESCRIPTORS) open.push(openSync(process.execPath, 'r'));
  } catch (error) {
    throw exhausted(folder, error);
  } finally {
    for (const file of open) closeSync(file);
  }
}
