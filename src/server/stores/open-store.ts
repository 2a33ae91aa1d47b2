import type { OptionNames } from '../../options/index.js';
import {
  FLAG,
  FOLDER,
  OBJECT,
  checkOptionNames,
  checkOptionValues,
  withMethods,
} from '../../options/index.js';
import { inspect } from 'node:util';
import type { Clock } from '../../clock.js';
import type { ClusterOptions } from '../../cluster/index.js';
import { checkClusterOptions, openClusterStore } from '../../cluster/index.js';
import type { Logger } from '../../logging.js';
import { consoleLogger } from '../../logging.js';
import type { Store } from '../../store/index.js';
import { createMemoryStorage, makeStore } from '../../store/index.js';
import { openLmdbStorage } from '../../store/lmdb/index.js';
import { checkStoreNames } from './store-name.js';

const OPTIONS: OptionNames<OpenStoreOptions> = {
  path: true,
  verify: true,
  cluster: true,
  clock: true,
  logger: true,
};

/** Where a store lives and what it goes by. */
export interface OpenStoreOptions {
  /** The folder that makes it durable. In memory when left out. */
  readonly path?: string | undefined;
  /** Walks all of the folder's data before anything is read from it, and refuses a store of which anything is lost. Default false. */
  readonly verify?: boolean | undefined;
  /** Shares the store with the other nodes of a cluster, under its name there; `path` has this node's copy. Experimental. */
  readonly cluster?:
    | (ClusterOptions & {
        /** `org/name`: what is one store on all nodes. */
        readonly name: string;
      })
    | undefined;
  /** What leases go by. Default the machine's. */
  readonly clock?: Clock | undefined;
  /** Hears what a watcher of the store threw. Default: standard error. */
  readonly logger?: Logger | undefined;
}

/**
 * Opens a store for a {@link DustServer}. Close it after the server.
 *
 * @param options the store's folder; without one it is in memory
 * @throws DustError `storage` when the folder is locked, unreadable, corrupt or from a newer version, as `detail` says;
 * `invalid_options` for an unknown option, or one of another kind; with `cluster`, `timeout` or `indeterminate` when
 * the log does not answer within the time of a write
 */
export async function openStore(options: OpenStoreOptions = {}): Promise<Store> {
  checkOptionNames('openStore', options, OPTIONS);
  checkOptionValues('openStore', options, {
    path: FOLDER,
    verify: FLAG,
    cluster: OBJECT,
    clock: withMethods('now', 'schedule'),
    logger: withMethods('debug', 'info', 'warn', 'error'),
  });
  const { path, verify, cluster, clock, logger = consoleLogger } = options;
  if (cluster !== undefined) {
    const { name, ...shared } = cluster;
    checkClusterOptions('cluster', shared);
    checkStoreNames([name], 'cluster.name');
  }
  const storage = path === undefined ? createMemoryStorage() : await openLmdbStorage({ path, verify });
  const onListenerError = (error: unknown): void => {
    logger.error(`a watcher of the store threw: ${inspect(error)}`);
  };
  return cluster === undefined
    ? makeStore({ storage, clock, onListenerError })
    : openClusterStore({ ...cluster, storage, clock, logger, onListenerError });
}
