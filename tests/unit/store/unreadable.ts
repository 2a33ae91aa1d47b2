import type { StoreStorage } from '../../../src/store/index.js';
import { createMemoryStorage } from '../../../src/store/index.js';

/** A storage in memory whose reads fail from `fail` on, as a medium's do: with an error of somebody else's. */
export function failingStorage(): { readonly storage: StoreStorage; fail(): void } {
  let failing = false;
  const memory = createMemoryStorage();
  const assertReadable = (): void => {
    if (failing) throw new Error('MDB_READERS_FULL in /srv/secret');
  };
  const { leaves } = memory;
  const storage: StoreStorage = {
    ...memory,
    leaves: {
      get: (path) => {
        assertReadable();
        return leaves.get(path);
      },
      range: (range) => {
        assertReadable();
        return leaves.range(range);
      },
      put: (leaf) => {
        leaves.put(leaf);
      },
      delete: (path) => {
        leaves.delete(path);
      },
    },
  };
  return {
    storage,
    fail: () => {
      failing = true;
    },
  };
}
