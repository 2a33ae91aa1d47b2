/**
 * Data source options for each of the ways to run. Copy the one you need; everything else has a default.
 *
 * A data source is opened once, when the service starts, and passed on:
 *
 *     const dataSource = await new DataSource(durable).initialize();
 */
import { IsUrl, Length } from 'class-validator';
import type { DataSourceOptions } from 'dust-orm';
import { DustEntity, Field, Slug, systemClock } from 'dust-orm';

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

/** The durable store with every choice written out. */
export const everyChoice: DataSourceOptions = {
  // Tells several data sources of one process apart, in messages and in dependency injection.
  name: 'reading',
  store: 'acme/reading',
  entities: [Link],
  path: './data/reading',
  // True for the one start after the host or container that had the folder is lost for good.
  takeOver: false,
  // 'auto' (default) and 'embedded' run the store in this process; an instance or a factory is the way to another one.
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

  // False silences the logger.
  logging: true,
  // Where warnings go; the default writes warnings and errors to standard error.
  logger: {
    debug: () => undefined,
    info: () => undefined,
    warn: (message) => process.stderr.write(`warn: ${message}\n`),
    error: (message) => process.stderr.write(`error: ${message}\n`),
  },
  // What leases and time stamps go by; tests put a clock of their own here.
  clock: systemClock,
};
