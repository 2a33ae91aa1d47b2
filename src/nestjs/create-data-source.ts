import type { ModulesContainer } from '@nestjs/core';
import { systemClock } from '../clock.js';
import type { DataSourceOptions } from '../data-source/index.js';
import { DataSource } from '../data-source/index.js';
import { silentLogger } from '../logging.js';
import { checkModuleOptions } from './check-module-options.js';
import { connect } from './connect.js';
import { dataSourceMissing, duplicateDataSource, nameDiffers } from './errors.js';
import { featureEntities, registrationsOf } from './feature-entities.js';
import { loggerContext, nestLogger } from './nest-logger.js';
import type { DataSourceFactory, DustOrmModuleOptions } from './options.js';

const makeDataSource: DataSourceFactory = (options) => new DataSource(options);

/**
 * The data source that the application registers under `name`, opened unless its options leave that to the application.
 *
 * @param modules all modules of the application, which `autoLoadEntities` searches
 * @throws DustError `invalid_options` for a bad option, and for a name that is registered twice or not kept to; what
 * the factory and `initialize()` throw
 */
export async function createDataSource(
  name: string,
  options: DustOrmModuleOptions,
  modules: ModulesContainer,
  factory: DataSourceFactory = makeDataSource,
): Promise<DataSource> {
  if (registrationsOf(modules, name) > 1) throw duplicateDataSource(name);
  checkModuleOptions(options);
  if (options.name !== undefined && options.name !== name) throw nameDiffers(name, options.name);
  const { retryAttempts, retryDelay, toRetry, manualInitialization, clock = systemClock } = options;
  const logger = options.logger ?? nestLogger(loggerContext(name));
  const dataSourceOptions = { ...optionsOf(options, name, modules), logger };
  const open = async (): Promise<DataSource> => {
    const dataSource = await factory(dataSourceOptions);
    if (!isObject(dataSource)) throw dataSourceMissing(name, dataSource);
    if (dataSource.name !== name) throw nameDiffers(name, dataSource.name);
    return manualInitialization === true ? dataSource : dataSource.initialize();
  };
  const told = options.logging === false ? silentLogger : logger;
  return connect(name, open, { retryAttempts, retryDelay, toRetry, clock, logger: told });
}

/** What of the module's options is the data source's own. */
function optionsOf(
  options: DustOrmModuleOptions,
  name: string,
  modules: ModulesContainer,
): DataSourceOptions {
  const { retryAttempts, retryDelay, toRetry, autoLoadEntities, manualInitialization, ...own } = options;
  const { entities = [], token } = options;
  return {
    ...own,
    // Named, because the token of another data source's options takes no part in a spread.
    ...(token === undefined ? {} : { token }),
    name,
    entities: autoLoadEntities === true ? union(entities, featureEntities(modules, name)) : entities,
  };
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

function union<T>(first: readonly T[], second: readonly T[]): readonly T[] {
  return [...new Set([...first, ...second])];
}
