import type { Clock } from '../../clock.js';
import type { ClusterOptions } from '../../cluster/index.js';
import type { Logger } from '../../logging.js';
import type { LogLimits, Store } from '../../store/index.js';

/** A store that the transport opens when it connects and closes when it is closed. */
export interface OwnStoreOptions {
  /** The folder that makes the store durable (LMDB). In memory, gone with `close`, when left out. */
  readonly path?: string | undefined;
  /** Takes the folder from an owner on another host, for the one start after that host was lost. Default false. */
  readonly takeOver?: boolean | undefined;
  /** Walks all of the folder's data before anything is read from it, and refuses a store of which anything is lost. Default false. */
  readonly verify?: boolean | undefined;
  /** What leases and time stamps go by. Default the machine's. */
  readonly clock?: Clock | undefined;
  /** Hears what a watcher threw. Default: standard error. */
  readonly logger?: Logger | undefined;
  /** How much of the log is kept. */
  readonly log?: Partial<LogLimits> | undefined;
  /** Shares the store with other machines, through a log: what lies here is this node's copy. In a cluster, `log` says nothing. */
  readonly cluster?: (ClusterOptions & { readonly name: string }) | undefined;
}

/** A store that is open already and shared with others; the transport never closes it. */
export interface SharedStoreOptions {
  /** Its owner closes it, after the transport. */
  readonly store: Store;
}

/** The store of an {@link EmbeddedTransport}: one of its own, or one that is shared. */
export type EmbeddedTransportOptions = (OwnStoreOptions | SharedStoreOptions) & {
  /** Who the transport writes as. Made up when left out. */
  readonly deviceId?: string | undefined;
};
