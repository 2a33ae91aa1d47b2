import type { RootDatabase } from 'lmdb';
import { isDustError } from '../../errors.js';
import { WorkUnderWay } from '../../work-under-way.js';
import type {
  BlobStorage,
  OperationLog,
  SnapshotOverlay,
  StorageMoment,
  StorageSize,
  StoreCounters,
  StoreStorage,
} from '../storage.js';
import type { LeafTree } from '../leaf-tree.js';
import type { FolderWork } from '../folder-work.js';
import { takeBackup } from './backup/take-backup.js';
import type { Databases } from './databases.js';
import { notOpen, notWritable, writeFailed } from './errors.js';
import { readFault, writeFault } from './faults.js';
import type { DataFileInPlace } from './folder/data-file-in-place.js';
import { GroupCommit } from './group-commit.js';
import type { LeafCount } from './leaves/leaf-count.js';
import { LmdbLeafTree } from './leaves/lmdb-leaf-tree.js';
import { LmdbBlobStorage } from './lmdb-blob-storage.js';
import { LmdbIndexStorage } from './lmdb-index-storage.js';
import { LmdbMoment } from './lmdb-moment.js';
import { LmdbOperationLog } from './lmdb-operation-log.js';
import { LmdbOverlay } from './lmdb-overlay.js';
import type { FolderLock } from './ownership/folder-lock.js';
import type { Ownership } from './ownership/ownership.js';
import type { StoredCounters } from './stored-counters.js';
import { transact } from './transact.js';
import type { WriteScope } from './write-scope.js';

/** What {@link LmdbStorage} is made of. */
export interface LmdbStorageParts {
  readonly path: string;
  readonly root: RootDatabase<unknown, string>;
  readonly databases: Databases;
  readonly ownership: Ownership;
  readonly counters: StoredCounters;
  readonly leafCount: LeafCount;
  readonly scope: WriteScope;
  readonly lock: FolderLock;
  readonly dataFile: DataFileInPlace;
}

/** A store's data in an LMDB environment. Made by `openLmdbStorage`, which says what it promises. */
export class LmdbStorage implements StoreStorage {
  readonly name = 'lmdb';
  readonly leaves: LeafTree;
  readonly log: OperationLog;
  readonly overlay: SnapshotOverlay;
  readonly blobs: BlobStorage;
  readonly indexes: LmdbIndexStorage;
  readonly #parts: LmdbStorageParts;
  /** The leaves and those of the last snapshot. */
  readonly #trees: readonly LmdbLeafTree[];
  readonly #log: LmdbOperationLog;
  readonly #blobs: LmdbBlobStorage;
  readonly #group: GroupCommit;
  /** Whether what is kept in memory is not what was committed. */
  #stale = false;
  readonly #backups = new WorkUnderWay();
  readonly #held = new Set<LmdbMoment>();
  #closing: Promise<void> | undefined;

  constructor(parts: LmdbStorageParts) {
    const { databases, scope } = parts;
    this.#parts = parts;
    this.#log = new LmdbOperationLog(databases.log, databases.logBorder, scope);
    this.log = this.#log;
    const leaves = new LmdbLeafTree(databases.leaves, scope, parts.leafCount);
    const overwritten = new LmdbLeafTree(databases.overlay, scope);
    this.#trees = [leaves, overwritten];
    this.leaves = leaves;
    this.overlay = new LmdbOverlay(overwritten);
    this.#blobs = new LmdbBlobStorage(databases, scope);
    this.blobs = this.#blobs;
    this.indexes = new LmdbIndexStorage(databases, scope);
    this.#group = new GroupCommit({
      writes: () => scope.writes,
      run: (body) => {
        this.#transact(body);
      },
      undone: (cause) => (isDustError(cause, 'storage') ? cause : writeFailed(parts.path, cause)),
    });
  }

  readCounters(): StoreCounters {
    return this.#parts.counters.current;
  }

  writeCounters(counters: StoreCounters): void {
    this.#parts.counters.write(counters);
  }

  measure(): StorageSize {
    return {
      leafCount: this.#parts.leafCount.current,
      fileBytes: this.#blobs.bytes,
      storedBytes: this.#storedBytes(),
    };
  }

  readers(): number {
    const { path, root } = this.#parts;
    try {
      // A line for each, behind one with the names of the columns.
      return root.readerList().match(/^ *\d+ /gm)?.length ?? 0;
    } catch (error) {
      throw readFault(path, error);
    }
  }

  /** @throws DustError `storage` with detail `gone` */
  assertPresent(): void {
    this.#parts.dataFile.check();
  }

  commit<T>(work: () => T): Promise<T> {
    if (this.#closing !== undefined) return Promise.reject(notWritable(this.#parts.path));
    return this.#group.add(work);
  }

  hold(): StorageMoment {
    const { path, root, databases, counters } = this.#parts;
    if (this.#closing !== undefined) throw notOpen(path);
    if (this.#stale) this.#reload();
    const moment = new LmdbMoment({
      path,
      root,
      databases,
      log: this.#log,
      counters: counters.current,
      definitions: this.indexes.definitions,
      onRelease: (released) => {
        this.#held.delete(released);
      },
    });
    this.#held.add(moment);
    return moment;
  }

  backup(folder: string, work?: FolderWork): Promise<void> {
    const { path, root } = this.#parts;
    if (this.#closing !== undefined) return Promise.reject(notOpen(path));
    return this.#backups.track(takeBackup(path, root, folder, work));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { path, root, lock, dataFile } = this.#parts;
    this.#group.drain();
    // LMDB copies in a thread of its own, from memory that would be gone.
    await this.#backups.all();
    for (const moment of this.#held) this.#letGo(moment);
    this.#removeRecord();
    try {
      await root.close();
    } catch (error) {
      throw readFault(path, error);
    } finally {
      try {
        dataFile.close();
      } finally {
        // Last of all: whoever comes next must find nothing of this one at work.
        lock.release();
      }
    }
  }

  #letGo(moment: LmdbMoment): void {
    try {
      moment.release();
    } catch {
      // LMDB ends what is still open with itself.
    }
  }

  /** The lock ends the ownership. A disk that is full keeps a record which stands in nobody's way. */
  #removeRecord(): void {
    const { path, root, ownership } = this.#parts;
    try {
      transact(path, root, () => {
        ownership.release();
      });
    } catch {
      // Closing must not fail because a record stays.
    }
  }

  #storedBytes(): number {
    const { path, dataFile } = this.#parts;
    try {
      return dataFile.bytes;
    } catch (error) {
      throw readFault(path, error);
    }
  }

  #transact(body: () => void): void {
    const { path, root, ownership, counters, leafCount, scope, dataFile } = this.#parts;
    dataFile.check();
    try {
      if (this.#stale) this.#reload();
      transact(path, root, () => {
        ownership.verify();
        scope.run(body);
        for (const tree of this.#trees) tree.flush();
        counters.flush();
        leafCount.flush();
      });
      ownership.claimed();
      for (const tree of this.#trees) tree.forget(false);
    } catch (error) {
      for (const tree of this.#trees) tree.forget(true);
      this.#undo();
      throw writeFault(path, error);
    }
  }

  /** What was kept in memory goes back with the transaction; where it cannot be read, the next commit tries again. */
  #undo(): void {
    this.#stale = true;
    try {
      this.#reload();
    } catch {
      // The error that undid the transaction says more.
    }
  }

  #reload(): void {
    this.#parts.counters.reload();
    this.#parts.leafCount.reload();
    this.#log.reload();
    this.#blobs.reload();
    this.indexes.reload();
    this.#stale = false;
  }
}
