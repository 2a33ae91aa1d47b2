import type { DataSourceOptions } from '../../data-source/index.js';
import { DataSource } from '../../data-source/index.js';
import type { CliContext } from '../context.js';
import { configNeeded, storeInMemory } from '../errors.js';
import { findOptions } from '../config/find-options.js';
import { loggerTo } from '../output/logger.js';
import type { TargetFlags } from '../input/target-flags.js';

/** Enough for a rate limit, and soon over when nothing listens there. */
const RETRY = { attempts: 3 } as const;

/**
 * Runs `work` on the data source of the configuration file, open, and closes it whatever comes of that.
 *
 * @param change what is other than in the file
 * @throws DustError `invalid_options`; what opening the data source throws, and what `work` throws
 */
export async function withSource<T>(
  command: string,
  flags: TargetFlags,
  { io, err }: CliContext,
  change: (options: DataSourceOptions) => Promise<Partial<DataSourceOptions>>,
  work: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
  if (flags.config === undefined) throw configNeeded(command);
  const { options, source } = await findOptions(flags, io);
  const { path, url, token, cluster, transport, logger = loggerTo(err), retry = RETRY } = options;
  if ([path, url, token, cluster].every((each) => each === undefined) && typeof transport !== 'object') {
    if (typeof transport !== 'function') throw storeInMemory(source);
  }
  const own = { ...options, ...(token === undefined ? {} : { token }), logger, retry, migrationsRun: false };
  const dataSource = new DataSource({ ...own, ...(await change(options)) });
  await dataSource.initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
