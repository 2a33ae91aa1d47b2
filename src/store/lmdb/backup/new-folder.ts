import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, lstatSync, openSync, realpathSync, renameSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { isDustError } from '../../../errors.js';
import { backupFailed, backupInside, backupThere, folderUnnamed } from '../errors.js';

/**
 * Makes a folder that is not there yet: `make` makes it under a temporary name beside it, and it takes its own name when it
 * is complete and on the disk. When anything fails nothing is left.
 *
 * @param apart folders that it must not lie in
 * @throws DustError `invalid_options` when `out` is there or lies in one of `apart`, `storage` with detail `write_failed`;
 * what `make` throws
 */
export async function makeNewFolder<T>(
  out: string,
  apart: readonly string[],
  make: (folder: string) => Promise<T>,
): Promise<T> {
  if (typeof out !== 'string' || out === '') throw folderUnnamed('out');
  const target = resolve(out);
  const temporary = `${target}.${randomUUID().slice(0, 8)}.tmp`;
  assertNew(target, apart);
  try {
    const result = await make(temporary);
    syncPath(temporary);
    assertNew(target, apart);
    renameSync(temporary, target);
    syncPath(dirname(target));
    return result;
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw isDustError(error) ? error : backupFailed(target, error);
  }
}

/** Makes a file's bytes, or a folder's names, outlive a power failure; of folders where they can be synced. */
export function syncPath(path: string): void {
  const isFolder = lstatSync(path).isDirectory();
  if (isFolder && process.platform === 'win32') return;
  const file = openSync(path, isFolder ? 'r' : 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function assertNew(target: string, apart: readonly string[]): void {
  let parent: string;
  try {
    if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) throw backupThere(target);
    parent = realpathSync(dirname(target));
  } catch (error) {
    throw isDustError(error) ? error : backupFailed(target, error);
  }
  for (const folder of apart) {
    const way = relative(realpathSync(folder), parent);
    if (way !== '..' && !/^\.\.[/\\]/.test(way) && !isAbsolute(way)) throw backupInside(target, folder);
  }
}
