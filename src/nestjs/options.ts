import type {
  FactoryProvider,
  InjectionToken,
  ModuleMetadata,
  OptionalFactoryDependency,
  Provider,
  Type,
} from '@nestjs/common';
import type { DataSource, DataSourceOptions } from '../data-source/index.js';
import type { EntityClass } from '../metadata/index.js';

/** What `DustOrmModule.forRoot` takes: the options of the data source, and how the application brings it up. */
export interface DustOrmModuleOptions extends Omit<DataSourceOptions, 'entities'> {
  /** The classes to map. May be left out with `autoLoadEntities`. */
  readonly entities?: readonly EntityClass[];
  /** Adds every entity that a module of the application asks for by `forFeature`. Default `false`. */
  readonly autoLoadEntities?: boolean;
  /** How often opening the data source is tried in all. Default 10. */
  readonly retryAttempts?: number;
  /** Milliseconds between two attempts. Default 3000. */
  readonly retryDelay?: number;
  /**
   * Whether another attempt may help. Default: for what can pass, which is no way to the server, a timeout, a rate limit, a
   * failing server, and a data folder that another process still holds.
   */
  readonly toRetry?: (error: unknown) => boolean;
  /** Leaves `initialize()` to the application. Default `false`: the application starts when the store is open. */
  readonly manualInitialization?: boolean;
}

/** A class that makes the options, for `useClass` and `useExisting`. */
export interface DustOrmOptionsFactory {
  /**
   * Makes the options, once for each data source.
   *
   * @param name the name that the data source is registered under
   * @throws whatever keeps it from making them; the application then does not start
   */
  createDustOrmOptions(name: string): DustOrmModuleOptions | Promise<DustOrmModuleOptions>;
}

/** Makes the data source from its options; may hand it out open already. */
export type DataSourceFactory = (options: DataSourceOptions) => DataSource | Promise<DataSource>;

/** What `DustOrmModule.forRootAsync` takes: one of `useFactory`, `useClass` and `useExisting`. */
export interface DustOrmModuleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  /** The data source's name. Must be here, because tokens are made before the options are. Default `default`. */
  readonly name?: string;
  /** Makes the options from what `inject` names. */
  readonly useFactory?: FactoryProvider<DustOrmModuleOptions>['useFactory'];
  /** What `useFactory` is called with. */
  readonly inject?: readonly (InjectionToken | OptionalFactoryDependency)[];
  /** Makes the options by a class that is instantiated for it. */
  readonly useClass?: Type<DustOrmOptionsFactory>;
  /** Makes the options by a provider that exists in `imports`. */
  readonly useExisting?: InjectionToken<DustOrmOptionsFactory>;
  /** Makes the data source. Default: `new DataSource(options)`. */
  readonly dataSourceFactory?: DataSourceFactory;
  /** Providers that the above need. */
  readonly extraProviders?: readonly Provider[];
}
