import type { RootDatabase } from 'lmdb';
import { isDustError } from '../../errors.js';
import type {
  BlobStorage,
  OperationLog,
  SnapshotOverlay,
  StorageSize,
  StoreCounters,
  StoreStorage,
} from '../storage.js';
import type { LeafTree } from '../leaf-tree.js';
import { dataFileIdentity, dataFileSize } from './data-file.js';
import type { Databases } from './databases.js';
import { dataFileGone, notWritable, writeFailed } from './errors.js';
import { GroupCommit } from './group-commit.js';
import { LmdbBlobStorage } from './lmdb-blob-storage.js';
import { LmdbLeafTree } from './lmdb-leaf-tree.js';
import { LmdbOperationLog } from './lmdb-operation-log.js';
import { LmdbOverlay } from './lmdb-overlay.js';
import type { Ownership } from './ownership.js';
import type { StoredCounters } from './stored-counters.js';
import type { WriteScope } from './write-scope.js';

/** What {@link LmdbStorage} is made of. */
export interface LmdbStorageParts {
  readonly path: string;
  readonly root: RootDatabase<unknown, string>;
  readonly databases: Databases;
  readonly ownership: Ownership;
  readonly counters: StoredCounters;
  readonly scope: WriteScope;
}

/** A store's data in an LMDB environment. Made by `openLmdbStorage`, which says what it promises. */
export class LmdbStorage implements StoreStorage {
  readonly name = 'lmdb';
  readonly leaves: LeafTree;
  readonly log: OperationLog;
  readonly overlay: SnapshotOverlay;
  readonly blobs: BlobStorage;
  readonly #parts: LmdbStorageParts;
  readonly #leaves: LmdbLeafTree;
  readonly #log: LmdbOperationLog;
  readonly #blobs: LmdbBlobStorage;
  readonly #group: GroupCommit;
  /** Which file was opened. */
  readonly #file: string | undefined;
  #closing: Promise<void> | undefined;

  constructor(parts: LmdbStorageParts) {
    const { databases, scope } = parts;
    this.#parts = parts;
    this.#file = dataFileIdentity(parts.path);
    this.#log = new LmdbOperationLog(databases.log, databases.logBorder, scope);
    this.log = this.#log;
    this.#leaves = new LmdbLeafTree(databases.leaves, scope);
    this.leaves = this.#leaves;
    this.overlay = new LmdbOverlay(new LmdbLeafTree(databases.overlay, scope));
    this.#blobs = new LmdbBlobStorage(databases, scope);
    this.blobs = this.#blobs;
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
      leafCount: this.#leaves.size,
      fileBytes: this.#blobs.bytes,
      storedBytes: dataFileSize(this.#parts.path),
    };
  }

  /** @throws DustError `storage` with detail `gone` */
  assertPresent(): void {
    const { path } = this.#parts;
    if (dataFileIdentity(path) !== this.#file) throw dataFileGone(path);
  }

  commit<T>(work: () => T): Promise<T> {
    if (this.#closing !== undefined) return Promise.reject(notWritable(this.#parts.path));
    return this.#group.add(work);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const { root, ownership } = this.#parts;
    try {
      this.#group.drain();
      root.transactionSync(() => {
        ownership.release();
      });
    } finally {
      await root.close();
    }
  }

  #transact(body: () => void): void {
    const { root, ownership, counters, scope, path } = this.#parts;
    try {
      root.transactionSync(() => {
        ownership.verify();
        scope.run(body);
        counters.flush();
      });
    } catch (error) {
      counters.reload();
      this.#log.reload();
      this.#blobs.reload();
      throw isDustError(error) ? error : writeFailed(path, error);
    }
  }
}
