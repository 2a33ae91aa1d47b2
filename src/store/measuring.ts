import type { StorageSize, StoreStorage } from './storage.js';

/** How much a storage holds; counts where it does not know. */
export function measureStorage(storage: StoreStorage): StorageSize {
  if (storage.measure !== undefined) return storage.measure();
  return { leafCount: [...storage.leaves.range({})].length, fileBytes: 0, storedBytes: 0 };
}
