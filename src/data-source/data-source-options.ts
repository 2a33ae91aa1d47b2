import type { OptionNames } from '../options/index.js';
import type { ClassValidatorOptions } from '../mapping/index.js';
import type { Clock } from '../clock.js';
import type { ClusterOptions } from '../cluster/index.js';
import type { LogLevel, Logger } from '../logging.js';
import type { EntityClass, NamingStrategy } from '../metadata/types.js';
import type { MigrationClass, SeedFunction } from '../migrations/index.js';
import type { OnInvalidRecord } from '../query/index.js';
import type { ChannelOptions } from '../transport/channel/index.js';
import type { TokenSource } from '../token/index.js';
import type { RequestLimits, RetryOptions, TimeoutOptions } from '../transport/http/index.js';
import type { Transport } from '../transport/transport.js';
import type { SubscriberOption } from './make-subscribers.js';

/** What a transport factory is told. */
export interface TransportContext {
  /** The store to open, `org/name`. */
  readonly store: string;
  /** The time the transport goes by. */
  readonly clock: Clock;
  /** Where the transport may log; what lies below the level of `logging` is dropped there. */
  readonly logger: Logger;
  /** Who the data source writes as; undefined when the transport may choose. */
  readonly deviceId: string | undefined;
}

/** Makes the transport to one store. Called once for each store the entities lie in, each time a data source initialises. */
export type TransportFactory = (context: TransportContext) => Transport;

/** What a {@link DataSource} is made of. */
export interface DataSourceOptions {
  /** The data source's name in messages, and its key where several are in use. Default `default`. */
  readonly name?: string;
  /** The store of all entities that name none themselves, `org/name`. Default `local/default`. */
  readonly store?: string;
  /** The classes to map, each with `@DustEntity`. */
  readonly entities: readonly EntityClass[];
  /** The folder that makes the store durable (LMDB). In memory, gone with `destroy()`, when left out. */
  readonly path?: string;
  /**
   * Takes the folder from an owner on another machine, of which this one cannot know whether it still runs: for the one
   * start after such a machine is lost for good. Default `false`.
   */
  readonly takeOver?: boolean;
  /**
   * Walks all of the folder's data when it is opened, every page and every value, and refuses a store of which anything is
   * lost, saying what. Reads as much as the data file holds. Default `false`: the first 8 MB, from the roots down.
   */
  readonly verify?: boolean;
  /**
   * Shares the folder with other processes of this machine and this user that say so, too, and with other data sources of this process: one of
   * them has it, the others reach it through that one, and another one takes it over when it ends. Not on Windows. Default `false`: a second
   * process is refused.
   */
  readonly share?: boolean;
  /**
   * Shares the store with other machines: its writes go through a log in a database that all of them use, and this process keeps a copy, in
   * `path` or in memory, which answers reads. Experimental.
   */
  readonly cluster?: ClusterOptions;
  /**
   * Where a Dust server is: the store lies there, and not in this process. Default `https://dustlayer.io` when there is a
   * `token`.
   */
  readonly url?: string;
  /**
   * What the server knows this program by, or a function that gives it, asked at each connect and when the server refuses the
   * last one. Appears in no error, log line or inspection.
   */
  readonly token?: TokenSource;
  /**
   * Whether the server's channel is used: events, live queries, and reads from a mirror in this process. `false` asks over
   * HTTP each time. `'shared'` asks over HTTP until another data source of this process uses the store's channel with a
   * mirror of at least these entities, and that channel from then on. Default `true`; a store in this process has it
   * either way.
   */
  readonly realtime?: boolean | 'shared';
  /** Where the server's socket is. Default `wss://…/ws/sync/websocket` at the origin of `url`. */
  readonly socketUrl?: string;
  /** What of the server's store is mirrored: what the `entities` describe, or all of it. Default `entities`. */
  readonly mirror?: 'entities' | 'all';
  /** The folder that keeps the mirror (LMDB), so that the next start goes on from there. In memory when left out. */
  readonly cache?: {
    /** Made when there is none. */
    readonly path: string;
  };
  /** How long, in milliseconds, reads trust a mirror whose connection is lost, before they go over HTTP. Default 30,000. */
  readonly staleAfter?: number;
  /**
   * How writes that are not idempotent, such as increments, survive a lost connection: applied once, with a lease of the
   * store that is renewed meanwhile, or at least once, without. Default `exactly-once`.
   */
  readonly delivery?: 'exactly-once' | 'at-least-once';
  /** The times and buffers of the server's channel. */
  readonly channel?: ChannelOptions;
  /** How requests to the server that failed for now are made again. Default: not at all. */
  readonly retry?: RetryOptions;
  /** How long requests to the server may take. */
  readonly timeout?: TimeoutOptions;
  /** How much of requests to the server is kept and read at once. */
  readonly requests?: RequestLimits;
  /**
   * Which way to the store: `auto` (default) chooses from the other options, `channel` when there is a `url`, `http` when
   * `realtime` is `false`, and `embedded` when there is no `url`, which runs the store in this process; an instance or a
   * factory wins over all.
   */
  readonly transport?: 'auto' | 'embedded' | 'http' | 'channel' | Transport | TransportFactory;
  /** How property names become names on the wire. Default `preserve`. */
  readonly namingStrategy?: NamingStrategy;
  /** Whether writes take text for the dates, numbers and booleans that it says, where entities and fields do not decide it. Default: false. */
  readonly coerce?: boolean;
  /** Options for class-validator, or `false` to write without validation of any kind. */
  readonly validation?: ClassValidatorOptions | false;
  /**
   * Those who are told of what happens to entities, in this order: instances, or classes that are made without arguments. Default: none.
   */
  readonly subscribers?: readonly SubscriberOption[];
  /** What becomes of stored records that cannot be read as entities. Default `skip`, with a warning. */
  readonly onInvalidRecord?: OnInvalidRecord;
  /** Where the log goes. Default: standard error. */
  readonly logger?: Logger;
  /**
   * From which level on the logger is told: `debug`, `info`, `warn` or `error`. `true` (default) is `warn`; `false`
   * silences it.
   */
  readonly logging?: boolean | LogLevel;
  /**
   * Milliseconds. An operation of a repository or the manager that takes longer is warned about, with its name and the
   * number of its records. Default: none is.
   */
  readonly slowOperationThreshold?: number;
  /**
   * A read that goes through more records than this, because no index serves its `where` and `order`, is warned about, once for each shape of query.
   * Default 10,000; `false`: none is.
   */
  readonly scanWarning?: number | false;
  /**
   * The migrations of the stored records, in any order: their names end in a time stamp. Names of files, with `*` and `**` in them, are for the command
   * `dust-orm migrate`, which loads them; a program imports the classes. Default: none.
   */
  readonly migrations?: readonly (MigrationClass | string)[];
  /** Whether `initialize()` runs the migrations that are not done. Default `false`. */
  readonly migrationsRun?: boolean;
  /** The seeds that the command `dust-orm seed` runs: functions, or names of files that export one as `seed`. Default: none. */
  readonly seeds?: readonly (SeedFunction | string)[];
  /** Time, for tests. Default: the machine's. */
  readonly clock?: Clock;
  /** Who this data source writes as, in the events of others. Made up when left out. */
  readonly deviceId?: string;
}

/** The names of all options, for the check of unknown ones. */
export const DATA_SOURCE_OPTIONS: OptionNames<DataSourceOptions> = {
  name: true,
  store: true,
  entities: true,
  path: true,
  takeOver: true,
  verify: true,
  share: true,
  cluster: true,
  url: true,
  token: true,
  realtime: true,
  socketUrl: true,
  mirror: true,
  cache: true,
  staleAfter: true,
  delivery: true,
  channel: true,
  retry: true,
  timeout: true,
  requests: true,
  transport: true,
  namingStrategy: true,
  coerce: true,
  validation: true,
  subscribers: true,
  onInvalidRecord: true,
  logger: true,
  logging: true,
  slowOperationThreshold: true,
  scanWarning: true,
  migrations: true,
  migrationsRun: true,
  seeds: true,
  clock: true,
  deviceId: true,
};
