import type { Clock } from '../clock.js';
import type { StoreCopy, WriteOrder } from './commit/write-order.js';
import type { LogLimits } from './history/log-limits.js';
import type { StoreStorage } from './storage.js';

/** What a store is opened over. */
export interface StoreOptions {
  /** Opened already; the store closes it. */
  readonly storage: StoreStorage;
  /** What leases and time stamps go by. Default the machine's. */
  readonly clock?: Clock | undefined;
  /** How much of the log is kept for catch-up and deduplication. */
  readonly log?: Partial<LogLimits> | undefined;
  /** Hears what a listener threw. Must not throw itself. Default: the console's error log. */
  readonly onListenerError?: ((error: unknown) => void) | undefined;
  /** Where writes get their order, when others have copies of the store. Default: that of the calls. */
  readonly order?: ((copy: StoreCopy) => WriteOrder) | undefined;
}

/** How it stands with what a store lies on. */
export interface StoreCondition {
  /** Slots of the table of readers that are taken, of a store in a folder. */
  readonly readers: number | undefined;
  /** Milliseconds since this copy was all that the log of its cluster had; undefined when it never was, and where there is no cluster. */
  readonly lag: number | undefined;
}

/** Where a store stands. */
export interface StoreStatus {
  /** The seq of the last operation; 0 when there was none. */
  readonly storeSeq: number;
  /** The seq the last compaction was made at; 0 when there was none. */
  readonly snapshotSeq: number;
  /** The number of operations the log keeps. */
  readonly operationCount: number;
}
