import { mkdirSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type * as Lmdb from 'lmdb';
import type { Database, RootDatabase } from 'lmdb';
import { isDustError, messageOf } from '../../errors.js';
import type { StoreStorage } from '../storage.js';
import { markFormat, openingFault } from './damage/index.js';
import { assertAccess } from './data-file.js';
import { MAX_DATABASES, openDatabases, openMeta } from './databases.js';
import { folderUnusable, lmdbUnavailable, notAStore, notWritable } from './errors.js';
import { FORMAT_VERSION, agreeOnFormat } from './format.js';
import { LmdbStorage } from './lmdb-storage.js';
import { newOwnerRecord } from './owner-record.js';
import { Ownership } from './ownership.js';
import { PAGE_SIZE } from './path-key.js';
import { StoredCounters } from './stored-counters.js';
import { WriteScope } from './write-scope.js';

export interface LmdbStorageOptions {
  /** The data folder; made when it is missing. */
  readonly path: string;
  /**
   * Takes the folder from an owner on another host, of which nothing can be known from here. For the one start after
   * such a host was lost. Default false.
   */
  readonly takeOver?: boolean | undefined;
}

/**
 * Opens a data folder for this storage alone.
 *
 * An acknowledged write survives the end of the process, however sudden. A power failure or a crash of the operating
 * system leaves a store that opens and is whole, but it may undo the last group of writes acknowledged together (those
 * of one turn of the event loop), and never more than that one: each group's data is on the disk before it is
 * acknowledged, while the pointer that makes it current may still be on its way.
 *
 * @throws DustError `storage` with detail `locked` (in use elsewhere), `unreadable` (not a usable folder),
 * `newer_version`, `corrupt` (not a store, or a damaged one) or `unavailable` (the package lmdb cannot be loaded)
 */
export async function openLmdbStorage(options: LmdbStorageOptions): Promise<StoreStorage> {
  const path = resolve(options.path);
  const lmdb = await import('lmdb').catch((error: unknown) => {
    throw lmdbUnavailable(error);
  });
  prepareFolder(path);
  const root = openEnvironment(path, lmdb);
  try {
    return openStorage(path, root, options.takeOver ?? false);
  } catch (error) {
    await root.close();
    throw isDustError(error) ? error : notAStore(path, messageOf(error), error);
  }
}

function prepareFolder(path: string): void {
  let fault: string | undefined;
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory() === false) throw folderUnusable(path, 'it is a file, not a folder');
    mkdirSync(path, { recursive: true });
    assertAccess(path);
    fault = openingFault(path);
  } catch (error) {
    throw isDustError(error) ? error : folderUnusable(path, messageOf(error), error);
  }
  if (fault !== undefined) throw notAStore(path, fault);
}

function openEnvironment(path: string, lmdb: typeof Lmdb): RootDatabase<unknown, string> {
  try {
    return lmdb.open({
      path,
      pageSize: PAGE_SIZE,
      maxDbs: MAX_DATABASES,
      noSubdir: false,
      overlappingSync: false,
      noMetaSync: true,
    });
  } catch (error) {
    throw folderUnusable(path, messageOf(error), error);
  }
}

function openStorage(path: string, root: RootDatabase<unknown, string>, takeOver: boolean): StoreStorage {
  const meta = openMeta(root);
  if (meta === undefined) throw notAStore(path, 'its databases are not those of a store');
  const ownership = new Ownership(path, meta, newOwnerRecord());
  root.transactionSync(() => {
    agreeOnFormat(path, meta);
    ownership.claim(takeOver);
  });
  markFormat(path, FORMAT_VERSION);
  try {
    return assemble(path, root, meta, ownership);
  } catch (error) {
    root.transactionSync(() => {
      ownership.release();
    });
    throw error;
  }
}

function assemble(
  path: string,
  root: RootDatabase<unknown, string>,
  meta: Database<unknown, string>,
  ownership: Ownership,
): StoreStorage {
  const scope = new WriteScope(() => notWritable(path));
  const counters = new StoredCounters(meta, scope);
  return new LmdbStorage({ path, root, databases: openDatabases(root), ownership, counters, scope });
}
