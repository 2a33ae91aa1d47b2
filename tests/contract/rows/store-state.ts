import type { Store } from '../../../src/store/index.js';
import type { StoreUnderTest } from './row.js';

/** How a store in this process stands at some paths, and whether anything was written to it anywhere. */
export function stateOfStore(store: Store): StoreUnderTest['state'] {
  return (paths) =>
    Promise.resolve({
      storeSeq: store.status().storeSeq,
      leaves: paths.map((path) => store.subtree(path)),
    });
}
