import type { Clock } from '../../../src/clock.js';
import type { TransportFactory } from '../../../src/index.js';
import type { TransportCapabilities } from '../../../src/transport/transport.js';
import type { Need } from './left-out.js';

/** An open store, and the way to it for any number of clients. */
export interface StoreUnderTest {
  /** A transport of a new client. */
  readonly transport: TransportFactory;
  /** The same for a client that can write whatever a store can hold, where `transport` cannot. */
  readonly insider: TransportFactory;
  /** How the store itself stands at and below these paths, equal for as long as nothing is written there. */
  readonly state: (paths: readonly string[]) => Promise<unknown>;
  /** Moves on the clock that leases go by, where that is one of another process and follows the one it was opened with. */
  advance?(ms: number): Promise<void>;
  /** Called when all clients are gone. Leaves nothing behind. */
  dispose(): Promise<void>;
}

/** One transport that the contract is tested on. */
export interface TransportRow {
  readonly name: string;
  /** What it must be able to do; for what it cannot do, it must answer `not_supported`. */
  readonly capabilities: TransportCapabilities;
  /** For a store in another process, which others may use, too. */
  readonly remote?: RemoteRow;
  /** Opens a store whose leases go by `clock`, unless it is a remote one. It need not be empty. */
  open(clock: Clock): Promise<StoreUnderTest>;
}

/** What is different about a store in another process. */
export interface RemoteRow {
  /** The segment that everything lies below which tests write. */
  readonly root: string;
  /** Milliseconds a test may take: some wait for their turn. */
  readonly timeout: number;
  /** What tests need and do not have there. Those tests are listed as left out (left-out.ts). */
  readonly lacks: ReadonlySet<Need>;
}
