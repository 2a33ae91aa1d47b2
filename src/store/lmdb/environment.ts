import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type * as Lmdb from 'lmdb';
import type { RootDatabase } from 'lmdb';
import { MAX_DATABASES, openDatabases, openMeta } from './databases.js';
import { lmdbUnavailable, notAStore } from './errors.js';
import { writeFault } from './faults.js';
import { DATA_FILE, checkDescriptors } from './folder/check-files.js';
import { assertRoom, reserveLockFile } from './folder/reserve-space.js';
import { agreeOnFormat } from './format.js';
import { PAGE_SIZE } from './path-key.js';
import { transact } from './transact.js';

/** Where a new environment is made, in its data folder. */
const MAKING = 'making';

/** @throws DustError `storage` with detail `unavailable` */
export async function loadLmdb(): Promise<typeof Lmdb> {
  return import('lmdb').catch((error: unknown) => {
    throw lmdbUnavailable(error);
  });
}

/**
 * Opens the LMDB environment of a data folder that this process has locked, and makes it when there is none. All that
 * can keep LMDB from opening it is looked at before: lmdb 3.5 does not survive it, as on a full disk.
 *
 * @throws DustError `storage`
 */
export async function openEnvironment(
  folder: string,
  lmdb: typeof Lmdb,
): Promise<RootDatabase<unknown, string>> {
  try {
    checkDescriptors(folder);
    reserveLockFile(folder);
    // What an earlier process left when it ended while it made one.
    rmSync(join(folder, MAKING), { recursive: true, force: true });
    if (!existsSync(join(folder, DATA_FILE))) await makeEnvironment(folder, lmdb);
    return open(folder, lmdb);
  } catch (error) {
    throw writeFault(folder, error);
  }
}

/**
 * Makes the environment apart and moves it to its place when it is complete: what is found there once was a whole store,
 * and what is broken is damaged, never just unfinished.
 */
async function makeEnvironment(folder: string, lmdb: typeof Lmdb): Promise<void> {
  const making = join(folder, MAKING);
  try {
    mkdirSync(making);
    reserveLockFile(making);
    assertRoom(making);
    const root = open(making, lmdb);
    try {
      makeStore(folder, root);
    } finally {
      await root.close();
    }
    renameSync(join(making, DATA_FILE), join(folder, DATA_FILE));
    syncFolder(folder);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

function makeStore(folder: string, root: RootDatabase<unknown, string>): void {
  transact(folder, root, () => {
    const meta = openMeta(folder, root);
    if (meta === undefined) throw notAStore(folder, 'its databases are not those of a store');
    agreeOnFormat(folder, meta);
    openDatabases(folder, root);
  });
}

function open(folder: string, lmdb: typeof Lmdb): RootDatabase<unknown, string> {
  return lmdb.open({
    path: folder,
    pageSize: PAGE_SIZE,
    maxDbs: MAX_DATABASES,
    noSubdir: false,
    overlappingSync: false,
    noMetaSync: true,
  });
}

/** Makes the new name of a file outlive a power failure, where folders can be synced. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const file = openSync(folder, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
