import { inspect } from 'node:util';
import { consoleLogger } from '../../logging.js';
import { openClusterStore } from '../../cluster/index.js';
import type { Store } from '../../store/index.js';
import { createMemoryStorage, makeStore } from '../../store/index.js';
import { openLmdbStorage } from '../../store/lmdb/index.js';
import type { EmbeddedTransportOptions, OwnStoreOptions } from './embedded-transport-options.js';
import type { StoreSource } from './store-connection.js';

/** The store that the options describe. */
export function storeSource(options: EmbeddedTransportOptions): StoreSource {
  if ('store' in options) {
    const { store } = options;
    return { open: () => Promise.resolve(store), release: () => Promise.resolve() };
  }
  return { open: () => openStore(options), release: (store) => store.close() };
}

/** Names the storage before it is open. */
export function storageName(options: EmbeddedTransportOptions): string {
  if ('store' in options) return options.store.storageName;
  return options.path === undefined ? 'memory' : 'lmdb';
}

async function openStore({
  path,
  takeOver,
  verify,
  clock,
  log,
  logger = consoleLogger,
  cluster,
}: OwnStoreOptions): Promise<Store> {
  const storage =
    path === undefined ? createMemoryStorage() : await openLmdbStorage({ path, takeOver, verify });
  const onListenerError = (error: unknown): void => {
    logger.error(`a watcher of the embedded store threw: ${inspect(error)}`);
  };
  return cluster === undefined
    ? makeStore({ storage, clock, log, onListenerError })
    : openClusterStore({ ...cluster, storage, clock, logger, onListenerError });
}
