import type { DataSourceOptions } from '../../data-source/index.js';
import { DataSource } from '../../data-source/index.js';
import type { CliContext } from '../context.js';
import { configNeeded, storeInMemory } from '../errors.js';
import { findOptions } from '../config/find-options.js';
import { loggingTo } from '../output/logger.js';
import { Progress } from '../output/progress.js';
import { assertStoreIn, isStoreIn } from './folder-target.js';
import type { JsonFlag, TargetFlags } from '../input/target-flags.js';

/** Enough for a rate limit, and soon over when nothing listens there. */
const RETRY = { attempts: 3 } as const;

/** A slip in the name of a folder would otherwise go unseen. */
const storeMade = (path: string): string => `dust-orm: there was no store in ${path}; a new one is made`;

/** What a command does with a data source. */
export interface SourceUse {
  /** The command, for what is said when it cannot work. */
  readonly command: string;
  /** Whether a store is made in a folder that holds none, which is then said; else that is refused. */
  readonly create: boolean;
  /** What is other than in the configuration file. Called before the store is opened. */
  readonly change: (options: DataSourceOptions) => Promise<Partial<DataSourceOptions>>;
}

/**
 * Runs `work` on the data source of the configuration file, open, and closes it whatever comes of that.
 *
 * @throws DustError `invalid_options`; what opening the data source throws, and what `work` throws
 */
export async function withSource<T>(
  { command, create, change }: SourceUse,
  flags: TargetFlags & JsonFlag,
  { io, err }: CliContext,
  work: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
  if (flags.config === undefined) throw configNeeded(command);
  const { options, source } = await findOptions(flags, io);
  const progress = new Progress(err);
  const { path, url, token, cluster, transport, retry = RETRY } = options;
  if ([path, url, token, cluster].every((each) => each === undefined) && typeof transport !== 'object') {
    if (typeof transport !== 'function') throw storeInMemory(source);
  }
  const dataSource = new DataSource({
    ...options,
    ...(token === undefined ? {} : { token }),
    ...loggingTo(options, err, progress),
    retry,
    migrationsRun: false,
    ...(await change(options)),
  });
  // The folder of a cluster's node is a copy: a new one fills it.
  if (path !== undefined && cluster === undefined) {
    if (!create) assertStoreIn(path, source);
    else if (!isStoreIn(path) && flags.json !== true) await err.line(storeMade(path));
  }
  await dataSource.initialize().finally(() => progress.clear());
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
