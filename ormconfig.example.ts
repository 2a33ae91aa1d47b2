/**
 * Data source options for each of the ways to run. Copy the one you need; everything else has a default.
 *
 * A data source is opened once, when the service starts, and passed on:
 *
 *     const dataSource = await new DataSource(durable).initialize();
 */
import { IsUrl, Length } from 'class-validator';
import type { DataSourceOptions } from 'dust-orm';
import { dataSourceOptionsFromEnv, DustEntity, Field, Slug, systemClock } from 'dust-orm';

@DustEntity({ prefix: ['reading', 'links'] })
class Link {
  @Slug()
  slug!: string;

  @Field({ required: true })
  @Length(1, 200)
  title!: string;

  @Field({ required: true })
  @IsUrl()
  url!: string;
}

/** In memory: nothing is kept when the process ends. For trying out, for tests, for caches. */
export const inMemory: DataSourceOptions = {
  // `org/name`, as a Dust server would know it. Only a name here.
  store: 'acme/reading',
  // Every class that repositories will be asked for.
  entities: [Link],
};

/** Durable, without a server: an LMDB environment in a folder of its own, which one process at a time may open. */
export const durable: DataSourceOptions = {
  store: 'acme/reading',
  entities: [Link],
  // Made when it is missing. An acknowledged write survives the sudden end of the process.
  path: './data/reading',
};

/**
 * On a Dust server. `dataSourceOptionsFromEnv()` reads DUST_BASE_URL, DUST_TOKEN and DUST_STORE, so that no token stands in
 * a file; with none of them set it answers {}, and the store is in memory.
 */
export const remote: DataSourceOptions = {
  ...dataSourceOptionsFromEnv(),
  entities: [Link],
  // Without this a request is sent once. With it, what failed for now is sent again where that is safe, and a rate limit
  // is waited for.
  retry: { attempts: 5, baseDelay: 200, maxDelay: 30_000, maxRetryAfter: 300 },
  // Milliseconds: until the connection stands, and from the end of the request to the end of the answer.
  timeout: { connect: 10_000, response: 30_000 },
};

/** The same with everything written in code; `dust-orm serve` prints the three values of a server on this machine. */
export const remoteByHand = (token: string): DataSourceOptions => ({
  // Scheme, host and port, no more; http:// is for a server on this machine.
  url: 'https://dustlayer.io',
  token,
  // As the server knows it. Without url only a name.
  store: 'acme/reading',
  entities: [Link],
  // 'auto' (default) comes to the same where there is a url.
  transport: 'http',
});

/** What `dust-orm doctor --config ormconfig.ts` and the other commands look for. */
export default remote;

/** The durable store with every choice written out. */
export const everyChoice: DataSourceOptions = {
  // Tells several data sources of one process apart, in messages and in dependency injection.
  name: 'reading',
  store: 'acme/reading',
  entities: [Link],
  path: './data/reading',
  // True for the one start after the host or container that had the folder is lost for good.
  takeOver: false,
  // 'auto' (default) uses the server at `url`, or without one runs the store in this process, as 'embedded' says outright;
  // an instance or a factory is the way to another one.
  transport: 'auto',
  // Who this data source writes as, in the events that others see. Made up when left out.
  deviceId: 'reading-service-1',

  // Wire names of fields: 'preserve' (default), 'snake_case', or a function of the property's name.
  namingStrategy: 'snake_case',

  // What to do with a stored record that lacks a required field or holds a value of the wrong type:
  // 'skip' it with a warning (default), 'throw', or call a function with the problem.
  onInvalidRecord: 'throw',

  // Passed to class-validator before every write; false switches it off.
  validation: { stopAtFirstError: true },

  // From which level on the logger is told: 'debug', 'info', 'warn' or 'error'; true (default) is 'warn', false silences it.
  logging: 'info',
  // Milliseconds. A find, save or other operation that takes longer is warned about, without its values; off by default.
  slowOperationThreshold: 500,
  // Records. A read that goes through more of them because no @Index serves it is warned about, once for each shape of query.
  scanWarning: 10_000,
  // Where the log goes; the default is standard error. pinoLogger(pino()) and Nest's logger go here, too.
  logger: {
    debug: () => undefined,
    info: (message) => process.stderr.write(`info: ${message}\n`),
    warn: (message) => process.stderr.write(`warn: ${message}\n`),
    error: (message) => process.stderr.write(`error: ${message}\n`),
  },
  // What leases and time stamps go by; tests put a clock of their own here.
  clock: systemClock,
};
