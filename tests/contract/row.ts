import type { Clock } from '../../src/clock.js';
import type { TransportFactory } from '../../src/index.js';
import type { Store } from '../../src/store/index.js';
import type { TransportCapabilities } from '../../src/transport/transport.js';

/** An open store, and the way to it for any number of clients. */
export interface StoreUnderTest {
  /** A transport of a new client. */
  readonly transport: TransportFactory;
  /** The store itself, which nobody but the test uses; undefined where it lies in another process. */
  readonly store?: Store;
  /** Resolves when every client has heard of what is committed; left out where they hear of it at once, or never. */
  settled?(): Promise<void>;
  /** Called when all clients are gone. Leaves nothing behind. */
  dispose(): Promise<void>;
}

/** One transport that the contract is tested on. */
export interface TransportRow {
  readonly name: string;
  /** What it must be able to do; for what it cannot do, it must answer `not_supported`. */
  readonly capabilities: TransportCapabilities;
  /**
   * For a store in another process that others may use, too: the segment that everything lies below which tests write
   * to it. Tests that cannot run on such a store are listed as left out (left-out.ts).
   */
  readonly remoteRoot?: string;
  /** Milliseconds a test may take, where that is more than usual. */
  readonly timeout?: number;
  /** Opens a store whose leases go by `clock`. It need not be empty. */
  open(clock: Clock): Promise<StoreUnderTest>;
}
