import { resolve } from 'node:path';
import type * as Lmdb from 'lmdb';
import type { RootDatabase } from 'lmdb';
import { isDustError, messageOf } from '../../errors.js';
import type { StoreStorage } from '../storage.js';
import { assertAgreement, assertLeafCount } from './agreement.js';
import { carryOver } from './carry-over.js';
import { assertSound, markFormat } from './damage/index.js';
import { openDatabases, openMeta, openOldLeaves } from './databases.js';
import { loadLmdb, openEnvironment } from './environment.js';
import { folderUnusable, notAStore, notWritable } from './errors.js';
import { writeFault } from './faults.js';
import { checkFiles } from './folder/check-files.js';
import { DataFileInPlace } from './folder/data-file-in-place.js';
import { makeFolder } from './folder/make-folder.js';
import type { GuardedDatabase } from './guarded-database.js';
import { FORMAT_VERSION, agreeOnFormat, raiseFormat } from './format.js';
import { LeafCount } from './leaves/leaf-count.js';
import { LmdbStorage } from './lmdb-storage.js';
import { FolderLock } from './ownership/folder-lock.js';
import { loadKernelLock } from './ownership/kernel-lock.js';
import type { OwnerRecord } from './ownership/owner-record.js';
import { newOwnerRecord } from './ownership/owner-record.js';
import { Ownership } from './ownership/ownership.js';
import { StoredCounters } from './stored-counters.js';
import { transact } from './transact.js';
import { WriteScope } from './write-scope.js';

export interface LmdbStorageOptions {
  /** The data folder; made when it is missing. */
  readonly path: string;
  /**
   * Takes the folder from an owner on another machine, of which nothing can be known from here. For the one start after
   * such a machine was lost. Default false.
   */
  readonly takeOver?: boolean | undefined;
  /** Walks all of the data before anything is read from it, and refuses a store of which anything is lost. Default false. */
  readonly verify?: boolean | undefined;
  /** Where whoever opens it will listen for others who want it, too, as they are told. With nobody when left out. */
  readonly share?: string | undefined;
}

/** A data folder that is this storage's. */
interface OwnedFolder {
  readonly path: string;
  readonly here: OwnerRecord;
  readonly lock: FolderLock;
  readonly takeOver: boolean;
  readonly verify: boolean;
}

/**
 * Opens a data folder for this storage alone. Refuses at once where it cannot, and never waits for another owner.
 *
 * An acknowledged write survives the end of the process, however sudden. A power failure or a crash of the operating
 * system leaves a store that opens and is whole, but it may undo the last group of writes acknowledged together (those
 * of one turn of the event loop), and never more than that one: each group's data is on the disk before it is
 * acknowledged, while the pointer that makes it current may still be on its way.
 *
 * @throws DustError `storage` with detail `locked` (in use elsewhere), `unreadable` (not a usable folder),
 * `newer_version`, `corrupt` (not a store, or a damaged one), `write_failed` (no room for a new store), `exhausted` (no
 * more memory or open files) or `unavailable` (the packages lmdb or fs-native-extensions cannot be loaded)
 */
export async function openLmdbStorage(options: LmdbStorageOptions): Promise<StoreStorage> {
  const path = resolve(options.path);
  const { takeOver = false, verify = false } = options;
  const [lmdb, tryLock] = await Promise.all([loadLmdb(), loadKernelLock()]);
  makeFolder(path);
  checkFolder(path, () => {
    checkFiles(path);
  });
  const here = newOwnerRecord(options.share);
  const lock = FolderLock.take({ folder: path, here, tryLock, takeOver });
  try {
    return await openOwned({ path, here, lock, takeOver, verify }, lmdb);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openOwned(folder: OwnedFolder, lmdb: typeof Lmdb): Promise<StoreStorage> {
  const { path, verify } = folder;
  await assertSound(path, verify);
  const root = await openEnvironment(path, lmdb);
  try {
    return await openStorage(folder, root);
  } catch (error) {
    await root.close();
    throw writeFault(path, error);
  }
}

async function openStorage(
  { path, here, lock, takeOver }: OwnedFolder,
  root: RootDatabase<unknown, string>,
): Promise<StoreStorage> {
  const dataFile = new DataFileInPlace(path);
  try {
    const meta = openMeta(path, root);
    if (meta === undefined) throw notAStore(path, 'its databases are not those of a store');
    const ownership = new Ownership(path, meta, here);
    transact(path, root, () => {
      agreeOnFormat(path, meta);
      ownership.ask(takeOver);
    });
    markFormat(path, FORMAT_VERSION);
    const databases = openDatabases(path, root);
    const scope = new WriteScope(() => notWritable(path));
    const counters = new StoredCounters(meta, scope);
    assertAgreement(path, databases, counters.current);
    const leafCount = new LeafCount(meta);
    const parts = { path, root, databases, ownership, counters, leafCount, scope, lock, dataFile };
    await carryOver({ ...parts, meta, old: openOldLeaves(path, root) });
    assertLeafCount(path, databases, leafCount);
    const storage = new LmdbStorage(parts);
    claim(path, root, meta, ownership);
    return storage;
  } catch (error) {
    dataFile.close();
    throw error;
  }
}

/** What a disk without room refuses here, the first commit that finds some makes up for. */
function claim(
  path: string,
  root: RootDatabase<unknown, string>,
  meta: GuardedDatabase<unknown, string>,
  ownership: Ownership,
): void {
  try {
    transact(path, root, () => {
      ownership.claim();
      raiseFormat(meta);
    });
    ownership.claimed();
  } catch (error) {
    if (!isDustError(error, 'storage') || error.detail !== 'write_failed') throw error;
  }
}

function checkFolder(path: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    throw isDustError(error) ? error : folderUnusable(path, messageOf(error), error);
  }
}
