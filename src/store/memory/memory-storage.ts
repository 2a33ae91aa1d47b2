import type { Leaf } from '../../protocol/value.js';
import { comparePaths } from '../../protocol/order.js';
import type { BlobStorage, SnapshotOverlay, StoreCounters, StoreStorage, StoredBlob } from '../storage.js';
import { MemoryLeafTree } from './memory-leaf-tree.js';
import { MemoryOperationLog } from './memory-operation-log.js';

/** A storage that lives as long as the process. Its commits are made at once and never fail. */
export function createMemoryStorage(): StoreStorage {
  let counters: StoreCounters = { storeSeq: 0, snapshotSeq: 0 };
  return {
    name: 'memory',
    leaves: new MemoryLeafTree(),
    log: new MemoryOperationLog(),
    overlay: createMemoryOverlay(),
    blobs: createMemoryBlobs(),
    readCounters: () => counters,
    writeCounters: (next) => {
      counters = next;
    },
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

function createMemoryBlobs(): BlobStorage {
  const blobs = new Map<string, StoredBlob>();
  return {
    get: (hash) => {
      const blob = blobs.get(hash);
      return blob && { ...blob, content: new Uint8Array(blob.content) };
    },
    has: (hash) => blobs.has(hash),
    put: (hash, blob) => {
      blobs.set(hash, blob);
    },
  };
}
