import type { Leaf } from '../../protocol/value.js';
import { comparePaths } from '../../protocol/order.js';
import type { BlobStorage, SnapshotOverlay, StoreCounters, StoreStorage, StoredBlob } from '../storage.js';
import { MemoryIndexStorage } from './memory-index-storage.js';
import { MemoryLeafTree } from './memory-leaf-tree.js';
import { MemoryOperationLog } from './memory-operation-log.js';

/** A storage that lives as long as the process. Its commits are made at once and never fail. */
export function createMemoryStorage(): StoreStorage {
  let counters: StoreCounters = { storeSeq: 0, snapshotSeq: 0 };
  const leaves = new MemoryLeafTree();
  const blobs = new MemoryBlobStorage();
  return {
    name: 'memory',
    leaves,
    log: new MemoryOperationLog(),
    overlay: createMemoryOverlay(),
    blobs,
    indexes: new MemoryIndexStorage(),
    readCounters: () => counters,
    writeCounters: (next) => {
      counters = next;
    },
    measure: () => ({ leafCount: leaves.size, fileBytes: blobs.bytes, storedBytes: 0 }),
    commit: (work) =>
      new Promise((resolve) => {
        resolve(work());
      }),
    close: () => Promise.resolve(),
  };
}

function createMemoryOverlay(): SnapshotOverlay {
  const leaves = new Map<string, Leaf>();
  return {
    get: (path) => leaves.get(path),
    put: (leaf) => {
      leaves.set(leaf.path, leaf);
    },
    leaves: () => [...leaves.values()].sort((a, b) => comparePaths(a.path, b.path)),
    clear: () => {
      leaves.clear();
    },
  };
}

class MemoryBlobStorage implements BlobStorage {
  readonly #blobs = new Map<string, StoredBlob>();
  #bytes = 0;

  /** Bytes of all contents. */
  get bytes(): number {
    return this.#bytes;
  }

  get(hash: string): StoredBlob | undefined {
    const blob = this.#blobs.get(hash);
    return blob && { ...blob, content: new Uint8Array(blob.content) };
  }

  has(hash: string): boolean {
    return this.#blobs.has(hash);
  }

  put(hash: string, blob: StoredBlob): void {
    this.#bytes += blob.content.byteLength - (this.#blobs.get(hash)?.content.byteLength ?? 0);
    this.#blobs.set(hash, blob);
  }
}
