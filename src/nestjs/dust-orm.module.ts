import type { OptionNames } from '../options/index.js';
import { checkOptionNames } from '../options/index.js';
import type { DynamicModule, InjectionToken, ModuleMetadata, Provider, Type } from '@nestjs/common';
import { Module } from '@nestjs/common';
import type { DataSource } from '../data-source/index.js';
import type { EntityClass } from '../metadata/index.js';
import { entityNameOf } from '../metadata/index.js';
import type { EventBridge, EventBridgeOptions, EventBus } from '../realtime/index.js';
import { DustOrmCoreModule } from './dust-orm-core.module.js';
import { notABusToken, notAListOfEntities, notAmongEntities } from './errors.js';
import { EventBridgeLifecycle, createEventBridge } from './event-bridges.js';
import type { RepositoryClass } from './entity-repository.js';
import { entityOf, isRepositoryClass } from './entity-repository.js';
import { FEATURE_ENTITIES, FeatureEntities } from './feature-entities.js';
import type { DustOrmModuleAsyncOptions, DustOrmModuleOptions } from './options.js';
import type { DataSourceReference } from './tokens.js';
import { dataSourceName, getDataSourceToken, getEventBridgeToken, getRepositoryToken } from './tokens.js';

const EVENTS_OPTIONS: OptionNames<DustEventsOptions<object>> = {
  bus: true,
  topic: true,
  map: true,
  dataSource: true,
  imports: true,
};

/** What `DustOrmModule.forEvents` takes. */
export interface DustEventsOptions<T extends object>
  extends Pick<EventBridgeOptions<T>, 'map'>, Pick<ModuleMetadata, 'imports'> {
  /** What provides the bus: `EventEmitter2`, or any provider with `emit` or `publish`. */
  readonly bus: InjectionToken<EventBus>;
  /** The event's name on the bus, or how an event finds it. Default: as in `link.upserted` and `link.deleted`. */
  readonly topic?: EventBridgeOptions<T>['topic'];
  /** The data source, where it is not the default one. */
  readonly dataSource?: DataSourceReference;
}

/**
 * Brings data sources into a Nest application: `forRoot` or `forRootAsync` once for each data source in the root module,
 * `forFeature` in each module that injects repositories.
 */
@Module({})
export class DustOrmModule {
  /**
   * Registers a data source, which opens when the application starts and closes with it.
   *
   * The application does not start when that fails: with what `initialize()` throws, and `invalid_options` for a name that
   * another registration has.
   *
   * @param name the data source's name, which counts before the one among the options
   *
   * @example
   * imports: [DustOrmModule.forRoot({ path: './data', entities: [Link] })]
   */
  static forRoot(options: DustOrmModuleOptions, name?: string): DynamicModule {
    return { module: DustOrmModule, imports: [DustOrmCoreModule.forRoot(options, name)] };
  }

  /**
   * Registers a data source as {@link forRoot} does, with options that are made from what the application provides.
   *
   * @example
   * imports: [
   *   DustOrmModule.forRootAsync({
   *     inject: [ConfigService],
   *     useFactory: (config: ConfigService) => ({ path: config.get('DATA_FOLDER'), entities: [Link] }),
   *   }),
   * ]
   *
   * @throws DustError `invalid_options` without `useFactory`, `useClass` or `useExisting`
   */
  static forRootAsync(options: DustOrmModuleAsyncOptions): DynamicModule {
    return { module: DustOrmModule, imports: [DustOrmCoreModule.forRootAsync(options)] };
  }

  /**
   * Provides the repositories of these entities to the importing module, and those of classes that extend Repository: under
   * the class itself, for the entity that `@EntityRepository` names, or else for the only entity in the list.
   *
   * @example
   * imports: [DustOrmModule.forFeature([Link])]
   *
   * @throws DustError `invalid_metadata` for what is no entity class, and for a repository class whose entity is not known
   */
  static forFeature(classes: readonly EntityClass[], dataSource?: DataSourceReference): DynamicModule {
    if (!isList(classes)) throw notAListOfEntities(classes);
    const name = dataSourceName(dataSource);
    const { entities, custom } = featuresOf(classes);
    const inject = [getDataSourceToken(name)];
    const repositories: (Provider & { readonly provide: string | Type })[] = [
      ...entities.map((entity) => ({
        provide: getRepositoryToken(entity, name),
        useFactory: (source: DataSource) => repositoryOf(source, entity),
        inject,
      })),
      ...custom.map(({ type, entity }) => ({
        provide: getRepositoryToken(type, name) as string | Type,
        useFactory: (source: DataSource) => customRepositoryOf(source, type, entity),
        inject,
      })),
    ];
    const asked = [...new Set([...entities, ...custom.map(({ entity }) => entity)])];
    return {
      module: DustOrmModule,
      providers: [{ provide: FEATURE_ENTITIES, useValue: new FeatureEntities(name, asked) }, ...repositories],
      exports: repositories.map(({ provide }) => provide),
    };
  }

  /**
   * Forwards the events of an entity to a bus of the application, such as Nest's `EventEmitter2`, from its start to its
   * end, over one subscription however many listeners there are. Import it once for each entity and topic.
   *
   * @example
   * imports: [EventEmitterModule.forRoot(), DustOrmModule.forEvents(Link, { bus: EventEmitter2 })]
   *
   * @throws DustError `invalid_metadata` for what is no entity class, `invalid_options` for a bus that is no token
   */
  static forEvents<T extends object>(entity: EntityClass<T>, options: DustEventsOptions<T>): DynamicModule {
    const bus = busOf(entity, options);
    const { dataSource, imports = [] } = options;
    const name = dataSourceName(dataSource);
    const bridge = getEventBridgeToken(entity, name);
    return {
      module: DustOrmModule,
      imports,
      providers: [
        { provide: FEATURE_ENTITIES, useValue: new FeatureEntities(name, [entity]) },
        {
          provide: bridge,
          useFactory: (source: DataSource, target: EventBus) =>
            createEventBridge(repositoryOf(source, entity), target, options),
          inject: [getDataSourceToken(name), bus],
        },
        {
          provide: EventBridgeLifecycle,
          useFactory: (made: EventBridge<T>, source: DataSource) => new EventBridgeLifecycle(made, source),
          inject: [bridge, getDataSourceToken(name)],
        },
      ],
      exports: [bridge],
    };
  }
}

/** @throws DustError `invalid_metadata` when the open data source does not know the class */
function repositoryOf<T extends object>(source: DataSource, entity: EntityClass<T>) {
  if (source.isInitialized && !source.hasMetadata(entity)) {
    throw notAmongEntities(entityNameOf(entity), source.name);
  }
  return source.getRepository(entity);
}

/** @throws DustError `invalid_metadata` when the open data source does not know the class */
function customRepositoryOf(source: DataSource, type: RepositoryClass, entity: EntityClass) {
  const { manager } = repositoryOf(source, entity);
  return new type(entity, manager);
}

/** @throws DustError `invalid_metadata` for a repository class whose entity is not known */
function featuresOf(classes: readonly unknown[]) {
  const entities = classes.filter((each) => !isRepositoryClass(each)) as EntityClass[];
  const custom = classes
    .filter(isRepositoryClass)
    .map((type) => ({ type, entity: entityOf(type, entities) }));
  return { entities, custom };
}

/** Callers without types pass what they like. */
const isList = (value: unknown): boolean => Array.isArray(value);

/** @throws DustError `invalid_options` without a bus, and for a bus in place of its token */
function busOf<T extends object>(
  entity: EntityClass<T>,
  options: Partial<DustEventsOptions<T>> | undefined,
): InjectionToken<EventBus> {
  if (options !== undefined) checkOptionNames('DustOrmModule.forEvents', options, EVENTS_OPTIONS);
  const bus = options?.bus;
  if (bus === undefined || isBusItself(bus)) throw notABusToken(entityNameOf(entity), bus);
  return bus;
}

function isBusItself(token: unknown): boolean {
  return typeof token === 'object' && token !== null && ('emit' in token || 'publish' in token);
}
