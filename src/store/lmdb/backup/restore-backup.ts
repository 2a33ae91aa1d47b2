import type { OptionNames } from '../../../options/index.js';
import { checkOptionNames } from '../../../options/index.js';
import { constants, copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isDustError } from '../../../errors.js';
import { markFormat, markedFormat, verifyFolder } from '../damage/index.js';
import { canReadLayout } from '../damage/platform.js';
import {
  backupUnusable,
  damagedStore,
  newerFormat,
  noBackup,
  restoreAborted,
  restoreFailed,
  restoreOverStore,
  verifyUnavailable,
} from '../errors.js';
import { DATA_FILE, LOCK_FILE } from '../folder/check-files.js';
import { makeFolder } from '../folder/make-folder.js';
import { FORMAT_VERSION } from '../format.js';
import { FolderLock } from '../ownership/folder-lock.js';
import { loadKernelLock } from '../ownership/kernel-lock.js';
import type { TryLock } from '../ownership/kernel-lock.js';
import { lockIfUsed } from '../ownership/lock-if-used.js';
import { newOwnerRecord } from '../ownership/owner-record.js';
import { RESTORING, dataFolders } from './data-folders.js';
import { syncPath } from './new-folder.js';

const OPTIONS: OptionNames<RestoreOptions> = {
  backup: true,
  path: true,
  replace: true,
  takeOver: true,
  signal: true,
};

/** How a backup is restored. */
export interface RestoreOptions {
  /** The folder that a backup made. */
  readonly backup: string;
  /** The data folder, which nobody may have open; made when it is missing. */
  readonly path: string;
  /** Whether a store that is in `path` gives way. Default `false`. */
  readonly replace?: boolean | undefined;
  /** Takes the folder from an owner on another machine that is lost for good. Default `false`. */
  readonly takeOver?: boolean | undefined;
  /** Calls it off, while nothing has been replaced. */
  readonly signal?: AbortSignal | undefined;
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
 * @throws DustError `invalid_options` for an unknown option, when `backup` holds no store, or `path` holds one and `replace` is not set; `storage` with
 * detail `corrupt` for a damaged backup, `newer_version`, `locked` when somebody has one of the folders open, `unreadable` or
 * `write_failed`; `aborted` by the signal
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreReceipt> {
  checkOptionNames('restoreBackup', options, OPTIONS);
  const backup = resolve(options.backup);
  const path = resolve(options.path);
  if (!canReadLayout()) throw verifyUnavailable();
  const ways = waysIn(backup);
  if (ways.length === 0) throw noBackup(backup);
  const tryLock = await loadKernelLock();
  const locks: FolderLock[] = [];
  try {
    for (const way of ways) {
      const used = await lockIfUsed(join(backup, way));
      if (used !== undefined) locks.push(used);
    }
    let leaves = 0;
    for (const way of ways) leaves += await soundLeaves(join(backup, way), options.signal);
    for (const way of ways) {
      const target = join(path, way);
      makeFolder(target);
      locks.push(lock(target, tryLock, options.takeOver ?? false));
      if (existsSync(join(target, DATA_FILE)) && options.replace !== true) throw restoreOverStore(target);
    }
    await putInPlace(backup, path, ways, options.signal);
    return { stores: ways.length, leaves };
  } catch (error) {
    if (isDustError(error)) throw error;
    throw options.signal?.aborted === true ? restoreAborted(options.signal) : restoreFailed(path, error);
  } finally {
    for (const held of locks) held.release();
  }
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

/** The number of leaves of a data folder that is whole. */
async function soundLeaves(folder: string, signal: AbortSignal | undefined): Promise<number> {
  const marked = markedFormat(folder) ?? FORMAT_VERSION;
  const { lost, leaves, format } = await verifyFolder(folder, signal);
  const version = Math.max(marked, format ?? 0);
  if (version > FORMAT_VERSION) throw newerFormat(folder, version, FORMAT_VERSION);
  const summary = lost.summary();
  if (summary !== undefined) throw damagedStore(folder, lost.count, summary);
  return leaves;
}

/** Copies all data files and checks the copies; then each takes its place. */
async function putInPlace(
  backup: string,
  path: string,
  ways: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  const copies = ways.map((way) => join(path, way, RESTORING));
  try {
    for (const [i, way] of ways.entries()) {
      const copy = copies[i] ?? '';
      await rm(copy, { recursive: true, force: true });
      await mkdir(copy);
      await copyFile(join(backup, way, DATA_FILE), join(copy, DATA_FILE), constants.COPYFILE_FICLONE);
      syncPath(join(copy, DATA_FILE));
      await soundLeaves(copy, signal);
    }
    signal?.throwIfAborted();
    for (const [i, way] of ways.entries()) {
      const target = join(path, way);
      // Where readers of the old file were noted; LMDB makes it anew.
      await rm(join(target, LOCK_FILE), { force: true });
      await rename(join(copies[i] ?? '', DATA_FILE), join(target, DATA_FILE));
      markFormat(target, FORMAT_VERSION);
      syncPath(target);
    }
  } finally {
    for (const copy of copies) await rm(copy, { recursive: true, force: true });
  }
}
