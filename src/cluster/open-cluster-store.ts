import type { Clock } from '../clock.js';
import type { Logger } from '../logging.js';
import type { StoreStorage } from '../store/index.js';
import { Store } from '../store/index.js';
import { ClusterNode } from './cluster-node.js';
import type { ReplicatedLog } from './log/replicated-log.js';
import { engineOf } from './logs/engines.js';

/** Where the log of a cluster is, and how long its writes wait. */
export interface ClusterOptions {
  /**
   * What orders the writes of all nodes: a database, `postgres://user:password@host:port/database`, with further hosts behind commas,
   * of which the primary is taken; or NATS JetStream, `nats://user:password@host:port`, with further hosts behind commas. Appears in no
   * error, log line or inspection with its password.
   */
  readonly url: string;
  /**
   * How long a write waits for its outcome, in milliseconds, before it fails as `indeterminate`: it may be applied later. Default 30,000.
   */
  readonly writeTimeout?: number | undefined;
}

/** What a node's store is made of. */
export interface ClusterStoreParts extends ClusterOptions {
  /** The store's name: what is one store on all nodes. */
  readonly name: string;
  /** Where this node keeps its copy; closed with the store, and when there is none. */
  readonly storage: StoreStorage;
  readonly clock?: Clock | undefined;
  readonly logger?: Logger | undefined;
  readonly onListenerError?: ((error: unknown) => void) | undefined;
}

/**
 * Opens a store that this node shares with the others of its cluster. Resolves when it shows all that was written before the call. A copy
 * that the log does not lead on from, or leads a long way, takes a snapshot first, however long that takes.
 *
 * @throws DustError `invalid_options` for an address that is none, or when the package of its engine is missing; `timeout` or `indeterminate` when
 * the log does not answer within the time of a write; `storage` when the copy cannot go on with this log
 */
export async function openClusterStore({
  url,
  writeTimeout,
  name,
  storage,
  clock,
  logger,
  onListenerError,
}: ClusterStoreParts): Promise<Store> {
  let log: ReplicatedLog | undefined;
  let node: ClusterNode | undefined;
  let store: Store;
  try {
    const opened = (log = await engineOf(url).open({ url, store: name, clock }));
    store = new Store({
      storage,
      clock,
      onListenerError,
      order: (copy) => (node = new ClusterNode(copy, { log: opened, clock, writeTimeout, logger })),
    });
  } catch (error) {
    // No store has taken them over, and a folder that stays locked could not be opened again.
    await log?.close();
    await storage.close().catch(() => undefined);
    throw error;
  }
  try {
    await untilShown(store, node);
    return store;
  } catch (error) {
    await store.close().catch(() => undefined);
    throw error;
  }
}

/** Waits until the store shows all that was written before, however long a snapshot takes that it takes first. */
async function untilShown(store: Store, node: ClusterNode | undefined): Promise<void> {
  for (;;) {
    await node?.restored();
    try {
      await store.barrier();
      return;
    } catch (error) {
      if (node?.state.name !== 'restoring') throw error;
    }
  }
}
