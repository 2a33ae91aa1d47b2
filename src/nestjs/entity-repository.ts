import type { EntityClass } from '../metadata/index.js';
import type { EntityManager, Repository } from '../repository/index.js';
import { notAnEntityClass, repositoryWithoutEntity } from './errors.js';

/** A class of one's own that extends Repository, as `forFeature` makes one. */
export type RepositoryClass<T extends object = object> = new (
  entity: EntityClass<T>,
  manager: EntityManager,
) => Repository<T>;

/** On a class that extends Repository: the entity it is of. Known to all loaded copies of this package, and inherited. */
const ENTITY = Symbol.for('dust-orm.repository-of');

/**
 * Says which entity a repository class of one's own is of, so that `DustOrmModule.forFeature` can provide it. Its constructor
 * takes what Repository's does, and need not be written.
 *
 * @throws DustError `invalid_metadata` for what is no class
 *
 * @example
 * @EntityRepository(Link)
 * class LinkRepository extends Repository<Link> {
 *   findUnread(): Promise<Link[]> {
 *     return this.findBy({ note: IsNull() });
 *   }
 * }
 */
export function EntityRepository<T extends object>(
  entity: EntityClass<T>,
): (repository: RepositoryClass<T>) => void {
  if (typeof (entity as unknown) !== 'function') throw notAnEntityClass(entity);
  return (repository) => {
    Object.defineProperty(repository, ENTITY, { value: entity, configurable: true });
  };
}

/** Whether a class extends Repository, of whichever loaded copy. */
export function isRepositoryClass(value: unknown): value is RepositoryClass {
  if (typeof value !== 'function') return false;
  for (let type: unknown = value; typeof type === 'function'; type = Reflect.getPrototypeOf(type)) {
    if (isRepositoryItself(type)) return true;
  }
  return false;
}

/** By its methods: two copies of the package have a class each. */
function isRepositoryItself(type: object): boolean {
  const prototype: unknown = Reflect.get(type, 'prototype');
  return (
    typeof prototype === 'object' &&
    prototype !== null &&
    ['insertMany', 'putFile', 'extend'].every((name) => Object.hasOwn(prototype, name))
  );
}

/**
 * The entity of a repository class.
 *
 * @param beside the entities that are listed with it: the only one is meant where the class does not say
 * @throws DustError `invalid_metadata` when nothing tells
 */
export function entityOf(repository: RepositoryClass, beside: readonly EntityClass[]): EntityClass {
  const declared: unknown = Reflect.get(repository, ENTITY);
  if (typeof declared === 'function') return declared as EntityClass;
  const [only] = beside;
  if (only === undefined || beside.length > 1) throw repositoryWithoutEntity(repository.name);
  return only;
}
