import { randomUUID } from 'node:crypto';
import { lstatSync, realpathSync, renameSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { isDustError } from '../../../errors.js';
import { backupFailed, backupInside, backupThere, backupUnsettled } from '../errors.js';
import { isWithin } from '../folder/real-way.js';
import type { FolderWork } from '../../folder-work.js';
import { checkFolderName } from './folder-name.js';
import { syncPath } from './sync-path.js';

/**
 * Makes a folder that is not there yet: `make` makes it under a temporary name beside it, and it takes its own name when it
 * is complete and on the disk. When anything before that fails nothing is left.
 *
 * @param apart folders that it must not lie in
 * @param make is handed `work`, which hears of what is made by the names that it gets
 * @throws DustError `invalid_options` when `out` is there or lies in one of `apart`, `storage` with detail `write_failed`;
 * what `make` throws, and what the signal of `work` was aborted with
 */
export async function makeNewFolder<T>(
  out: string,
  apart: readonly string[],
  make: (folder: string, work: FolderWork) => Promise<T>,
  work: FolderWork = {},
): Promise<T> {
  checkFolderName('out', out);
  const target = resolve(out);
  const temporary = `${target}.${randomUUID().slice(0, 8)}.tmp`;
  assertNew(target, apart);
  let result: T;
  try {
    result = await make(temporary, underItsName(work, temporary, target));
    syncPath(temporary);
    assertNew(target, apart);
    renameSync(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw work.signal?.aborted === true && error === work.signal.reason ? error : failure(target, error);
  }
  settle(target);
  return result;
}

function underItsName(work: FolderWork, temporary: string, target: string): FolderWork {
  const { onProgress } = work;
  if (onProgress === undefined) return work;
  const nameOf = (folder: string): string =>
    folder === temporary || folder.startsWith(temporary + sep)
      ? target + folder.slice(temporary.length)
      : folder;
  return {
    ...work,
    onProgress: (progress) => {
      onProgress({ ...progress, folder: nameOf(progress.folder) });
    },
  };
}

/** What `make` says of a part under the temporary name is said of the whole. */
function failure(target: string, error: unknown): unknown {
  if (!isDustError(error)) return backupFailed(target, error);
  if (error.detail !== 'write_failed' || error.cause === undefined) return error;
  return backupFailed(target, error.cause);
}

function settle(target: string): void {
  try {
    syncPath(dirname(target));
  } catch (error) {
    throw backupUnsettled(target, error);
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
    if (isWithin(realpathSync(folder), parent)) throw backupInside(target, folder);
  }
}
