import type { Cures } from './absence.js';
import { absent } from './absence.js';

/** What TypeORM's EntityManager has and cannot be here. Using one is a type error, and throws an error with the same words. */
export abstract class EntityManagerAbsences {
  /** Not here: `manager.batch` commits writes together or not at all, and `retryOnConflict` reads, changes and commits again. */
  declare readonly transaction: never;
  /** Not here: `find` takes conditions, order and pages; loop over `stream()` for joins and groups. */
  declare readonly createQueryBuilder: never;
  /** Not here: `find` reads records, and `dataSource.transport` reads and writes paths. */
  declare readonly query: never;
  /** Not here: `find` reads records, and `dataSource.transport` reads and writes paths. */
  declare readonly sql: never;
  /** Not here: read the slug's property of the entity. */
  declare readonly hasId: never;
  /** Not here: read the slug's property of the entity. */
  declare readonly getId: never;
  /** Not here: `update` takes a where that holds for all, such as `{ id: Like('%') }`. */
  declare readonly updateAll: never;
  /** Not here: `clear(Link)` deletes all records of a class. */
  declare readonly deleteAll: never;
  /** Not here: `findOneBy(Link, { id })` takes the slug's property. */
  declare readonly findOneById: never;
  /** Not here: `getMany(Link, slugs)` reads records by their slugs. */
  declare readonly findByIds: never;
  /** Not here: give the class a field with its parent's slug and an `@Index` on it. */
  declare readonly getTreeRepository: never;
  /** Not here: every repository reads JSON fields, with `JsonContains` and `where` by parts. */
  declare readonly getMongoRepository: never;
  /** Not here: there is one manager, and no other one for a transaction: use the repository as it is. */
  declare readonly withRepository: never;
  /** Not here: a manager holds no connection: `dataSource.destroy()` ends all. */
  declare readonly release: never;
  /** Not here: keep the data source that you made, or inject it. */
  declare readonly dataSource: never;
  /** Not here: keep the data source that you made, or inject it. */
  declare readonly connection: never;
  /** Not here: no connection is held for a caller; `manager.batch` commits writes together or not at all, and `retryOnConflict` reads, changes and commits again. */
  declare readonly queryRunner: never;
}

type Property = 'dataSource' | 'connection' | 'queryRunner';

const WITHOUT_SQL = '`find` reads records, and `dataSource.transport` reads and writes paths';

const METHODS: Cures<Exclude<keyof EntityManagerAbsences, Property>> = {
  transaction:
    '`manager.batch` commits writes together or not at all, and `retryOnConflict` reads, changes and commits again',
  createQueryBuilder: '`find` takes conditions, order and pages; loop over `stream()` for joins and groups',
  query: WITHOUT_SQL,
  sql: WITHOUT_SQL,
  hasId: "read the slug's property of the entity",
  getId: "read the slug's property of the entity",
  updateAll: "`update` takes a where that holds for all, such as `{ id: Like('%') }`",
  deleteAll: '`clear(Link)` deletes all records of a class',
  findOneById: "`findOneBy(Link, { id })` takes the slug's property",
  findByIds: '`getMany(Link, slugs)` reads records by their slugs',
  getTreeRepository: "give the class a field with its parent's slug and an `@Index` on it",
  getMongoRepository: 'every repository reads JSON fields, with `JsonContains` and `where` by parts',
  withRepository: 'there is one manager, and no other one for a transaction: use the repository as it is',
  release: 'a manager holds no connection: `dataSource.destroy()` ends all',
};

const PROPERTIES: Cures<Property> = {
  dataSource: 'keep the data source that you made, or inject it',
  connection: 'keep the data source that you made, or inject it',
  queryRunner:
    'no connection is held for a caller; `manager.batch` commits writes together or not at all, and `retryOnConflict` reads, changes and commits again',
};

absent('EntityManager', EntityManagerAbsences, METHODS, PROPERTIES);
