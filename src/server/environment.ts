import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { Clock } from '../clock.js';
import type { Logger } from '../logging.js';
import type { Store } from '../store/index.js';
import type { ResolvedBounds, ServerMemory } from './bounds.js';
import type { Guests } from './channel/guests.js';
import type { SharedSnapshots } from './channel/catch-up/shared-snapshots.js';
import type { Feature } from '../protocol/wire/features.js';
import type { ServerPhase } from './phase.js';
import type { Imitation } from './imitation/imitation.js';
import type { ServerMetrics } from './metrics/server-metrics.js';
import type { IndexBuilds } from './stores/index-builds.js';
import type { Writer } from './imitation/writer.js';
import type { Entrance } from './access/entrance.js';
import type { Limits } from './access/limits.js';
import type { RateLimiter } from './access/rate-limiter.js';
import type { Access, Tokens } from './access/tokens.js';

/** What all routes of a server and all sessions of its channel share. */
export interface ServerParts {
  readonly stores: ReadonlyMap<string, Store>;
  readonly tokens: Tokens;
  readonly entrance: Entrance;
  readonly limits: Limits;
  readonly limiter: RateLimiter;
  readonly imitation: Imitation;
  /** What the server can do beyond version 0.1, as it is announced. */
  readonly features: readonly Feature[];
  readonly phase: ServerPhase;
  /** Milliseconds between the begin of the end and the end of connections. */
  readonly drain: number;
  /** What every write goes through. */
  readonly writer: Writer;
  /** The stores that a file was put into, where that is remembered: an empty file changes no size. */
  readonly withFiles: WeakSet<Store>;
  /** Whether clients are told of a store's medium all that is known, as those may be who are the parts of one program. */
  readonly tellsStorageFaults: boolean;
  readonly bounds: ResolvedBounds;
  readonly memory: ServerMemory;
  /** What snapshots are sent as, so that many clients share one. */
  readonly snapshots: SharedSnapshots;
  /** Who is connected to the channel. */
  readonly guests: Guests;
  /** What is counted for Prometheus; undefined where nothing is. */
  readonly metrics: ServerMetrics | undefined;
  /** Whether that is told at the server's own address. */
  readonly tellsMetrics: boolean;
  /** The unique indexes that clients declare. */
  readonly builds: IndexBuilds;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What a request behind the gate of a store knows of itself. */
export interface Admission {
  /** Who asks. */
  readonly access: Access;
  /** `org/name`. */
  readonly storeName: string;
  readonly store: Store;
  /** Whether the answer says how far the store has come. */
  readonly tellsSeq: boolean;
}

/** What hono's handlers see: Node's own request beside the web one, and the admission that the gate left. */
export interface ServerEnvironment {
  Bindings: HttpBindings;
  Variables: Admission;
}

/** A request and the answer to it. */
export type RequestContext = Context<ServerEnvironment>;
