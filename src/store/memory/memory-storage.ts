import type { BlobStorage, StorageMoment, StoreCounters, StoreStorage, StoredBlob } from '../storage.js';
import { HeldLeaves } from './held-leaves.js';
import { MemoryIndexStorage } from './memory-index-storage.js';
import { MemoryLeafTree } from './memory-leaf-tree.js';
import { MemoryOperationLog } from './memory-operation-log.js';
import { MemoryOverlay } from './memory-overlay.js';

/** A storage that lives as long as the process. Its commits are made at once and never fail. */
export function createMemoryStorage(): StoreStorage {
  let counters: StoreCounters = { storeSeq: 0, snapshotSeq: 0 };
  const leaves = new MemoryLeafTree();
  const log = new MemoryOperationLog();
  const overlay = new MemoryOverlay();
  const blobs = new MemoryBlobStorage();
  const indexes = new MemoryIndexStorage();
  const hold = (): StorageMoment => {
    const [heldLeaves, heldOverlay] = [new HeldLeaves(leaves), overlay.hold()];
    return {
      counters,
      definitions: indexes.definitions,
      leaves: (after) => heldLeaves.behind(after),
      overlay: (after) => heldOverlay.behind(after),
      operations: log.hold(),
      release: () => {
        heldLeaves.release();
        heldOverlay.release();
      },
    };
  };
  return {
    name: 'memory',
    leaves,
    log,
    overlay,
    blobs,
    indexes,
    readCounters: () => counters,
    writeCounters: (next) => {
      counters = next;
    },
    measure: () => ({ leafCount: leaves.size, fileBytes: blobs.bytes, storedBytes: 0 }),
    commit: (work) =>
      new Promise((resolve) => {
        resolve(work());
      }),
    hold,
    close: () => Promise.resolve(),
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
