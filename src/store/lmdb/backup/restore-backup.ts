import { rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isDustError, messageOf } from '../../../errors.js';
import type { OptionNames } from '../../../options/index.js';
import { FLAG, FUNCTION, SIGNAL, checkOptionNames, checkOptionValues } from '../../../options/index.js';
import { MARK_FILE, markFormat } from '../damage/index.js';
import { canReadLayout } from '../damage/platform.js';
import {
  backupUnusable,
  folderUnusable,
  noBackup,
  restoreAborted,
  restoreFailed,
  restoreHalfDone,
  restoreIntoBackup,
  restoreOverStore,
  restoreStopped,
  restoreUnsettled,
  verifyUnavailable,
} from '../errors.js';
import type { FolderProgress, FolderWork } from '../../folder-work.js';
import { DATA_FILE, LOCK_FILE, isFileThere } from '../folder/check-files.js';
import { makeFolder } from '../folder/make-folder.js';
import { isWithin, realWay } from '../folder/real-way.js';
import { FORMAT_VERSION } from '../format.js';
import { FolderLock } from '../ownership/folder-lock.js';
import { loadKernelLock } from '../ownership/kernel-lock.js';
import type { TryLock } from '../ownership/kernel-lock.js';
import { lockIfUsed } from '../ownership/lock-if-used.js';
import { newOwnerRecord } from '../ownership/owner-record.js';
import { copyDataFile, soundLeaves } from './copy-data-file.js';
import { RESTORING, dataFolders } from './data-folders.js';
import { checkFolderName } from './folder-name.js';
import { syncPath } from './sync-path.js';

const OPTIONS: OptionNames<RestoreOptions> = {
  backup: true,
  path: true,
  replace: true,
  takeOver: true,
  signal: true,
  onProgress: true,
};

/** How a backup is restored. */
export interface RestoreOptions {
  /** The folder that a backup made. */
  readonly backup: string;
  /** The data folder, which nobody may have open; made when it is missing. */
  readonly path: string;
  /** Whether a store that is in `path` gives way. Default `false`. */
  readonly replace?: boolean | undefined;
  /** Takes the folders, and what is read as a backup, from an owner on another machine that is lost for good. Default `false`. */
  readonly takeOver?: boolean | undefined;
  /** Calls it off, while nothing has been replaced. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Hears now and then how far it is: the backup is verified, and then each of its files is copied and the copy verified. What it throws
   * ends the restore, while nothing has been replaced.
   */
  readonly onProgress?: ((progress: FolderProgress) => void) | undefined;
}

/** What was restored. */
export interface RestoreReceipt {
  /** The number of stores: that of the folder, and those of a data source's entities with a store of their own. */
  readonly stores: number;
  /** The leaves of all of them. */
  readonly leaves: number;
}

/**
 * Puts a backup in the place of a data folder. All of the backup is walked before anything is touched, and the copy again before
 * it takes the place of the data file in one step: whenever this ends, by force too, the folder holds what it held or what
 * the backup holds. Stores in the folder that the backup does not name stay.
 *
 * @throws DustError `invalid_options` for an unknown option or one of another kind, when `backup` holds no store or `path` lies in it, or `path` holds one
 * and `replace` is not set; `storage` with detail `corrupt` for a damaged backup, `newer_version`, `locked` when somebody has one of the folders open, `unreadable` or
 * `write_failed`; `aborted` by the signal, with detail `thrown` by what `onProgress` threw
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreReceipt> {
  checkOptionNames('restoreBackup', options, OPTIONS);
  for (const name of ['backup', 'path'] as const) checkFolderName(name, options[name]);
  checkOptionValues('restoreBackup', options, {
    replace: FLAG,
    takeOver: FLAG,
    signal: SIGNAL,
    onProgress: FUNCTION,
  });
  const backup = resolve(options.backup);
  const path = resolve(options.path);
  if (!canReadLayout()) throw verifyUnavailable();
  const ways = waysIn(backup);
  if (ways.length === 0) throw noBackup(backup);
  assertApart(backup, path, ways);
  const work = workOf(options);
  const tryLock = await loadKernelLock();
  const locks: FolderLock[] = [];
  try {
    for (const way of ways) {
      const used = await lockIfUsed(join(backup, way), options.takeOver);
      if (used !== undefined) locks.push(used);
    }
    let leaves = 0;
    for (const way of ways) leaves += await leavesOfBackup(join(backup, way), work);
    for (const way of ways) {
      const target = join(path, way);
      makeFolder(target);
      locks.push(lock(target, tryLock, options.takeOver ?? false));
      if (holdsData(target) && options.replace !== true) throw restoreOverStore(target);
    }
    await putInPlace(backup, path, ways, work);
    return { stores: ways.length, leaves };
  } catch (error) {
    if (isDustError(error)) throw error;
    throw options.signal?.aborted === true ? restoreAborted(options.signal) : restoreFailed(path, error);
  } finally {
    for (const held of locks) held.release();
  }
}

/** What the listener throws is told from what fails. */
function workOf({ signal, onProgress }: RestoreOptions): FolderWork {
  if (onProgress === undefined) return { signal };
  const hear = (progress: FolderProgress): void => {
    try {
      onProgress(progress);
    } catch (error) {
      throw restoreStopped(error);
    }
  };
  return { signal, onProgress: hear };
}

/** Nothing is written into what is read. */
function assertApart(backup: string, path: string, ways: readonly string[]): void {
  try {
    const source = realWay(backup);
    for (const way of ways) {
      if (isWithin(source, realWay(join(path, way)))) throw restoreIntoBackup(join(path, way), backup);
    }
  } catch (error) {
    throw isDustError(error) ? error : folderUnusable(path, messageOf(error), error);
  }
}

/** Whether a store's data is in the folder. @throws DustError `storage` with detail `unreadable` when one cannot be there */
function holdsData(folder: string): boolean {
  for (const name of [MARK_FILE, LOCK_FILE]) isFileThere(folder, name);
  return isFileThere(folder, DATA_FILE);
}

function waysIn(backup: string): string[] {
  try {
    return dataFolders(backup);
  } catch (error) {
    throw backupUnusable(backup, error);
  }
}

function lock(folder: string, tryLock: TryLock, takeOver: boolean): FolderLock {
  return FolderLock.take({ folder, here: newOwnerRecord(), tryLock, takeOver });
}

async function leavesOfBackup(folder: string, work: FolderWork): Promise<number> {
  try {
    return await soundLeaves(folder, work);
  } catch (error) {
    throw isDustError(error) || work.signal?.aborted === true ? error : backupUnusable(folder, error);
  }
}

/** Copies all data files and checks the copies; then each takes its place. */
async function putInPlace(
  backup: string,
  path: string,
  ways: readonly string[],
  work: FolderWork,
): Promise<void> {
  const copies = ways.map((way) => join(path, way, RESTORING));
  try {
    for (const [i, way] of ways.entries()) {
      const copy = copies[i] ?? '';
      await rm(copy, { recursive: true, force: true });
      await copyDataFile(join(backup, way), copy, work);
    }
    work.signal?.throwIfAborted();
    await exchange(path, ways, copies);
  } finally {
    // What cannot be removed now is by the next restore, and says nothing of this one.
    for (const copy of copies) await rm(copy, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function exchange(path: string, ways: readonly string[], copies: readonly string[]): Promise<void> {
  for (const [i, way] of ways.entries()) {
    const target = join(path, way);
    try {
      // Where readers of the old file were noted; LMDB makes it anew.
      await rm(join(target, LOCK_FILE), { force: true });
      await rename(join(copies[i] ?? '', DATA_FILE), join(target, DATA_FILE));
    } catch (error) {
      throw i === 0 ? error : restoreHalfDone(path, i, ways.length, error);
    }
    markFormat(target, FORMAT_VERSION);
  }
  try {
    for (const way of ways) syncPath(join(path, way));
  } catch (error) {
    throw restoreUnsettled(path, error);
  }
}
