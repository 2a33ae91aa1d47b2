import { hostname } from 'node:os';
import type { Clock } from '../clock.js';
import type { DustError } from '../errors.js';
import { isDustError } from '../errors.js';
import type { Logger } from '../logging.js';
import type { StoreStorage } from '../store/index.js';
import { Store } from '../store/index.js';
import { ClusterNode } from './cluster-node.js';
import { cannotBegin } from './errors.js';
import type { ReplicatedLog } from './log/replicated-log.js';
import { openLog } from './logs/engines.js';
import type { TakenSnapshot } from './snapshots/snapshot-taker.js';
import { untilCurrent } from './until-current.js';

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
 * that the log does not lead on from, or leads a long way, takes a snapshot first, however long that takes; one that reads the log is
 * waited for as long as it comes forward.
 *
 * @throws DustError `invalid_options` for an address that is none, leads to no database, or asks for TLS that there is not, or when the package
 * of its engine is missing; `unauthorized` when the engine refuses the user, `forbidden` when the user lacks a right; `timeout` with
 * detail `not_current` when the log does not answer within the time of a write, for the reason that its cause has; `storage` when the copy cannot
 * go on with this log
 */
export async function openClusterStore(parts: ClusterStoreParts): Promise<Store> {
  const { store } = await openNode(parts);
  return store;
}

/**
 * Takes a snapshot of a cluster's store by a node that is there for that alone: its copy, in a folder or in memory, is brought up to date
 * first.
 *
 * @throws DustError as {@link openClusterStore} does; `store_not_found` when no node has opened the store there; `held` while another node
 * takes one
 */
export async function snapshotCluster(parts: ClusterStoreParts): Promise<TakenSnapshot> {
  const { store, node } = await openNode(parts, true);
  try {
    return await node.snapshot();
  } finally {
    await store.close();
  }
}

async function openNode(
  { url, writeTimeout, name, storage, clock, logger, onListenerError }: ClusterStoreParts,
  mustExist = false,
): Promise<{ readonly store: Store; readonly node: ClusterNode }> {
  let log: ReplicatedLog | undefined;
  let node: ClusterNode | undefined;
  let store: Store;
  // One that is at work asks again: what is refused then may have been allowed before, and may be again.
  let isBeginning = true;
  let refuse: (refusal: DustError) => void = () => undefined;
  const refused = new Promise<never>((_, reject) => {
    refuse = reject;
  });
  refused.catch(() => undefined);
  const onRefused = (refusal: DustError): boolean => {
    refuse(refusal);
    return isBeginning;
  };
  try {
    const opened = (log = await openLog({ url, store: name, clock, mustExist }));
    store = new Store({
      storage,
      clock,
      onListenerError,
      order: (copy) =>
        (node = new ClusterNode(copy, {
          log: opened,
          clock,
          writeTimeout,
          logger,
          name: nodeName(),
          onRefused,
        })),
    });
  } catch (error) {
    // No store has taken them over, and a folder that stays locked could not be opened again.
    await log?.close();
    await storage.close().catch(() => undefined);
    throw error;
  }
  try {
    if (node === undefined) throw new TypeError('a store made no use of its order');
    await Promise.race([untilCurrent(node), refused]);
    isBeginning = false;
    return { store, node };
  } catch (error) {
    await store.close().catch(() => undefined);
    throw isDustError(error, 'timeout') && error.cause !== undefined ? cannotBegin(error.cause) : error;
  }
}

/** Tells the nodes of a cluster apart to those who look after it. */
function nodeName(): string {
  return `${hostname().slice(0, 200)}:${process.pid}`;
}
