import type { Cures } from './absence.js';
import { absent } from './absence.js';

/** What TypeORM's DataSource has and cannot be here. Using one is a type error, and throws an error with the same words. */
export abstract class DataSourceAbsences {
  /** Not here: it is called `initialize`. */
  declare readonly connect: never;
  /** Not here: it is called `destroy`. */
  declare readonly close: never;
  /** Not here: `manager.batch` commits writes together or not at all, and `retryOnConflict` reads, changes and commits again. */
  declare readonly transaction: never;
  /** Not here: `find` takes conditions, order and pages; loop over `stream()` for joins and groups. */
  declare readonly createQueryBuilder: never;
  /** Not here: `find` reads records, and `dataSource.transport` reads and writes paths. */
  declare readonly query: never;
  /** Not here: `find` reads records, and `dataSource.transport` reads and writes paths. */
  declare readonly sql: never;
  /** Not here: no connection is held for a caller; `manager.batch` commits writes together or not at all, and `retryOnConflict` reads, changes and commits again. */
  declare readonly createQueryRunner: never;
  /** Not here: there is one: `dataSource.manager`. */
  declare readonly createEntityManager: never;
  /** Not here: a data source is made once: give its options to `new DataSource()`. */
  declare readonly setOptions: never;
  /** Not here: `initialize()` does it; `entityMetadatas` has what it made. */
  declare readonly buildMetadatas: never;
  /** Not here: there is no schema: prefixes come with the first write, and indexes with `initialize()`. */
  declare readonly synchronize: never;
  /** Not here: `clear()` of each repository deletes its records. */
  declare readonly dropDatabase: never;
  /** Not here: give the class a field with its parent's slug and an `@Index` on it. */
  declare readonly getTreeRepository: never;
  /** Not here: every repository reads JSON fields, with `JsonContains` and `where` by parts. */
  declare readonly getMongoRepository: never;
  /** Not here: there are no join tables: keep a list of slugs in a field. */
  declare readonly getManyToManyMetadata: never;
  /** Not here: there are no replicas to choose from: reads go to the mirror or to the server, as `consistency` says. */
  declare readonly defaultReplicationModeForReads: never;
  /** Not here: it is called `isInitialized`. */
  declare readonly isConnected: never;
  /** Not here: `transport` is the way to the store. */
  declare readonly driver: never;
  /** Not here: `options.namingStrategy` has it. */
  declare readonly namingStrategy: never;
  /** Not here: `options.logger` has it. */
  declare readonly logger: never;
  /** Not here: there are no tables. */
  declare readonly metadataTableName: never;
  /** Not here: `getMetadata(Link)` has one, and `entityMetadatas` all. */
  declare readonly entityMetadatasMap: never;
  /** Not here: `singleFlight` of the manager keeps computed values, and the option `cache` the channel's mirror. */
  declare readonly queryResultCache: never;
  /** Not here: `@Ref` keeps the slugs, and `populate` in find options reads the records. */
  declare readonly relationLoader: never;
  /** Not here: `@Ref` keeps the slugs, and `populate` in find options reads the records. */
  declare readonly relationIdLoader: never;
  /** Not here: every repository reads JSON fields, with `JsonContains` and `where` by parts. */
  declare readonly mongoManager: never;
  /** Not here: the option `path` keeps a store in a folder, and none keeps it in memory. */
  declare readonly sqljsManager: never;
}

type Property =
  | 'isConnected'
  | 'driver'
  | 'namingStrategy'
  | 'logger'
  | 'metadataTableName'
  | 'entityMetadatasMap'
  | 'queryResultCache'
  | 'relationLoader'
  | 'relationIdLoader'
  | 'mongoManager'
  | 'sqljsManager';

const WITHOUT_SQL = '`find` reads records, and `dataSource.transport` reads and writes paths';
const AS_DOCUMENTS = 'every repository reads JSON fields, with `JsonContains` and `where` by parts';

const METHODS: Cures<Exclude<keyof DataSourceAbsences, Property>> = {
  connect: 'it is called `initialize`',
  close: 'it is called `destroy`',
  transaction:
    '`manager.batch` commits writes together or not at all, and `retryOnConflict` reads, changes and commits again',
  createQueryBuilder: '`find` takes conditions, order and pages; loop over `stream()` for joins and groups',
  query: WITHOUT_SQL,
  sql: WITHOUT_SQL,
  createQueryRunner:
    'no connection is held for a caller; `manager.batch` commits writes together or not at all, and `retryOnConflict` reads, changes and commits again',
  createEntityManager: 'there is one: `dataSource.manager`',
  setOptions: 'a data source is made once: give its options to `new DataSource()`',
  buildMetadatas: '`initialize()` does it; `entityMetadatas` has what it made',
  synchronize: 'there is no schema: prefixes come with the first write, and indexes with `initialize()`',
  dropDatabase: '`clear()` of each repository deletes its records',
  getTreeRepository: "give the class a field with its parent's slug and an `@Index` on it",
  getMongoRepository: AS_DOCUMENTS,
  getManyToManyMetadata: 'there are no join tables: keep a list of slugs in a field',
  defaultReplicationModeForReads:
    'there are no replicas to choose from: reads go to the mirror or to the server, as `consistency` says',
};

const PROPERTIES: Cures<Property> = {
  isConnected: 'it is called `isInitialized`',
  driver: '`transport` is the way to the store',
  namingStrategy: '`options.namingStrategy` has it',
  logger: '`options.logger` has it',
  metadataTableName: 'there are no tables',
  entityMetadatasMap: '`getMetadata(Link)` has one, and `entityMetadatas` all',
  queryResultCache:
    "`singleFlight` of the manager keeps computed values, and the option `cache` the channel's mirror",
  relationLoader: '`@Ref` keeps the slugs, and `populate` in find options reads the records',
  relationIdLoader: '`@Ref` keeps the slugs, and `populate` in find options reads the records',
  mongoManager: AS_DOCUMENTS,
  sqljsManager: 'the option `path` keeps a store in a folder, and none keeps it in memory',
};

absent('DataSource', DataSourceAbsences, METHODS, PROPERTIES);
