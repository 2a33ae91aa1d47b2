import type { OptionNames } from '../options/index.js';
import { checkOptionNames } from '../options/index.js';
import type { DynamicModule, FactoryProvider, InjectionToken, Provider } from '@nestjs/common';
import { Global, Module } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { DataSource, wholeOptions } from '../data-source/index.js';
import { EntityManager } from '../repository/index.js';
import type { CopyClasses } from './copies.js';
import { aliasesOf, joinCopies } from './copies.js';
import { createDataSource } from './create-data-source.js';
import { DataSourceLifecycle } from './data-source-lifecycle.js';
import { DustHealthIndicator } from './dust-health-indicator.js';
import { noOptionsSource } from './errors.js';
import { DATA_SOURCE_REGISTRATION, DataSourceRegistration } from './feature-entities.js';
import type {
  DataSourceFactory,
  DustOrmModuleAsyncOptions,
  DustOrmModuleOptions,
  DustOrmOptionsFactory,
} from './options.js';
import {
  DEFAULT_DATA_SOURCE_NAME,
  dataSourceName,
  getDataSourceToken,
  getEntityManagerToken,
} from './tokens.js';

const ASYNC_OPTIONS: OptionNames<DustOrmModuleAsyncOptions> = {
  name: true,
  imports: true,
  useFactory: true,
  inject: true,
  useClass: true,
  useExisting: true,
  dataSourceFactory: true,
  extraProviders: true,
};

/** What other loaded copies of this package know this one by. */
const OWN: CopyClasses = { DataSource, EntityManager, DustHealthIndicator };
joinCopies(OWN);

const OPTIONS = Symbol('dust-orm.module-options');

/** One data source of the application, open to all of its modules. */
@Global()
@Module({})
export class DustOrmCoreModule {
  static forRoot(given: DustOrmModuleOptions, name?: string): DynamicModule {
    const options = name === undefined ? given : named(given, name);
    // By a factory: Nest may print and hash values, and this one may hold a token.
    return coreModule(dataSourceName(options), [{ provide: OPTIONS, useFactory: () => options }]);
  }

  /** @throws DustError `invalid_options` without a way to the options */
  static forRootAsync(options: DustOrmModuleAsyncOptions): DynamicModule {
    checkOptionNames('DustOrmModule.forRootAsync', options, ASYNC_OPTIONS);
    const { imports = [], dataSourceFactory, extraProviders = [] } = options;
    const providers = [...optionsProviders(options), ...extraProviders];
    return { ...coreModule(dataSourceName(options), providers, dataSourceFactory), imports };
  }
}

/** The options with the name that stands beside them, which counts. */
function named(options: DustOrmModuleOptions, name: string): DustOrmModuleOptions {
  // What the options of another data source hide takes no part in a spread.
  return { ...wholeOptions(options), name };
}

function coreModule(name: string, providers: Provider[], factory?: DataSourceFactory): DynamicModule {
  const dataSource = getDataSourceToken(name);
  const manager = getEntityManagerToken(name);
  const aliases = [
    ...(name === DEFAULT_DATA_SOURCE_NAME
      ? [...aliasesOf(OWN, 'DataSource'), ...aliasesOf(OWN, 'EntityManager')]
      : []),
    ...aliasesOf(OWN, 'DustHealthIndicator'),
  ];
  return {
    module: DustOrmCoreModule,
    providers: [
      ...providers,
      { provide: DATA_SOURCE_REGISTRATION, useValue: new DataSourceRegistration(name) },
      {
        provide: dataSource,
        useFactory: (options: DustOrmModuleOptions, modules: ModulesContainer) =>
          createDataSource(name, options, modules, factory),
        inject: [OPTIONS, ModulesContainer],
      },
      { provide: manager, useFactory: (source: DataSource) => source.manager, inject: [dataSource] },
      {
        provide: DataSourceLifecycle,
        useFactory: (source: DataSource) => new DataSourceLifecycle(name, source),
        inject: [dataSource],
      },
      DustHealthIndicator,
      ...aliases,
    ],
    exports: [dataSource, manager, DustHealthIndicator, ...aliases.map(({ provide }) => provide)],
  };
}

function optionsProviders(options: DustOrmModuleAsyncOptions): Provider[] {
  const { useFactory, inject = [], useClass, useExisting } = options;
  if (useFactory !== undefined) return [{ provide: OPTIONS, useFactory, inject: [...inject] }];
  if (useExisting !== undefined) return [fromFactory(useExisting, options)];
  if (useClass === undefined) throw noOptionsSource();
  return [fromFactory(useClass, options), { provide: useClass, useClass }];
}

function fromFactory(
  token: InjectionToken<DustOrmOptionsFactory>,
  options: DustOrmModuleAsyncOptions,
): FactoryProvider<DustOrmModuleOptions> {
  const name = dataSourceName(options);
  return {
    provide: OPTIONS,
    useFactory: (factory: DustOrmOptionsFactory) => factory.createDustOrmOptions(name),
    inject: [token],
  };
}
