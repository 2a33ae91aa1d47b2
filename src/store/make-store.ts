import type { StoreOptions } from './store-options.js';
import { Store } from './store.js';

/**
 * A store over a storage that was opened for it: where there can be none, the storage is closed again, so that a folder does not stay locked.
 *
 * @throws DustError as the constructor of {@link Store} does
 */
export async function makeStore(options: StoreOptions): Promise<Store> {
  try {
    return new Store(options);
  } catch (error) {
    await options.storage.close().catch(() => undefined);
    throw error;
  }
}
