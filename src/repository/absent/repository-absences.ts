import type { Cures } from './absence.js';
import { absent } from './absence.js';

/** What TypeORM's Repository has and cannot be here. Using one is a type error, and throws an error with the same words. */
export abstract class RepositoryAbsences {
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
  /** Not here: `clear()` deletes all records of the class. */
  declare readonly deleteAll: never;
  /** Not here: `findOneBy({ id })` takes the slug's property. */
  declare readonly findOneById: never;
  /** Not here: `getMany(slugs)` reads records by their slugs. */
  declare readonly findByIds: never;
  /** Not here: it is called `exists`. */
  declare readonly exist: never;
  /** Not here: no connection is held for a caller; `manager.batch` commits writes together or not at all, and `retryOnConflict` reads, changes and commits again. */
  declare readonly queryRunner: never;
}

type Property = 'queryRunner';

const WITHOUT_SQL = '`find` reads records, and `dataSource.transport` reads and writes paths';

const METHODS: Cures<Exclude<keyof RepositoryAbsences, Property>> = {
  createQueryBuilder: '`find` takes conditions, order and pages; loop over `stream()` for joins and groups',
  query: WITHOUT_SQL,
  sql: WITHOUT_SQL,
  hasId: "read the slug's property of the entity",
  getId: "read the slug's property of the entity",
  updateAll: "`update` takes a where that holds for all, such as `{ id: Like('%') }`",
  deleteAll: '`clear()` deletes all records of the class',
  findOneById: "`findOneBy({ id })` takes the slug's property",
  findByIds: '`getMany(slugs)` reads records by their slugs',
  exist: 'it is called `exists`',
};

const PROPERTIES: Cures<Property> = {
  queryRunner:
    'no connection is held for a caller; `manager.batch` commits writes together or not at all, and `retryOnConflict` reads, changes and commits again',
};

absent('Repository', RepositoryAbsences, METHODS, PROPERTIES);
