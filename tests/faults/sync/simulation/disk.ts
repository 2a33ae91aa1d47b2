import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoreStorage } from '../../../../src/store/index.js';
import { createMemoryStorage } from '../../../../src/store/index.js';
import { openLmdbStorage } from '../../../../src/store/lmdb/index.js';

/** Where a client's mirror lies. It outlives the client's processes. */
export interface Disk {
  /** As it stands since the last {@link reopen}. */
  readonly storage: StoreStorage;
  /** Closes and opens it, as the next process does. */
  reopen(): Promise<void>;
  dispose(): Promise<void>;
}

/** A disk in memory: it holds what was committed, and nothing else. */
export function memoryDisk(): Disk {
  const done = (): Promise<void> => Promise.resolve();
  return { storage: createMemoryStorage(), reopen: done, dispose: done };
}

/** A real one, in a temporary folder. */
export async function lmdbDisk(): Promise<Disk> {
  const path = await mkdtemp(join(tmpdir(), 'dust-orm-mirror-'));
  let storage = await openLmdbStorage({ path });
  return {
    get storage() {
      return storage;
    },
    reopen: async () => {
      await storage.close();
      storage = await openLmdbStorage({ path });
    },
    dispose: async () => {
      await storage.close();
      await rm(path, { recursive: true });
    },
  };
}
