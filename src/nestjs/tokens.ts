import type { InjectionToken } from '@nestjs/common';
import { DataSource } from '../data-source/index.js';
import type { EntityClass } from '../metadata/index.js';
import { declarationsOf, entityNameOf } from '../metadata/index.js';
import type { Repository } from '../repository/index.js';
import { EntityManager } from '../repository/index.js';
import { hasNameToItself } from './copies.js';
import { isRepositoryClass } from './entity-repository.js';
import { notAnEntityClass } from './errors.js';

/** The name of a data source that was given none. */
export const DEFAULT_DATA_SOURCE_NAME = 'default';

/** A data source by its name, or anything that bears the name, such as its options. Default `default`. */
export type DataSourceReference =
  | string
  | {
      /** Default `default`. */
      readonly name?: string;
    };

/** The name under which a data source is registered. */
export function dataSourceName(dataSource: DataSourceReference = DEFAULT_DATA_SOURCE_NAME): string {
  return typeof dataSource === 'string' ? dataSource : (dataSource.name ?? DEFAULT_DATA_SOURCE_NAME);
}

/** What a data source is provided as: the class {@link DataSource} for the default one, a text with its name for others. */
export function getDataSourceToken(dataSource?: DataSourceReference): InjectionToken<DataSource> {
  const name = dataSourceName(dataSource);
  return name === DEFAULT_DATA_SOURCE_NAME ? DataSource : `${name}DataSource`;
}

/** What the manager of a data source is provided as: the class {@link EntityManager}, or a text with the name. */
export function getEntityManagerToken(dataSource?: DataSourceReference): InjectionToken<EntityManager> {
  const name = dataSourceName(dataSource);
  return name === DEFAULT_DATA_SOURCE_NAME ? EntityManager : `${name}EntityManager`;
}

/** What a class that extends Repository is provided as: the class itself, or a text with the data source's name. */
export function getRepositoryToken<R extends Repository<never>>(
  repository: abstract new (...args: never[]) => R,
  dataSource?: DataSourceReference,
): InjectionToken<R>;
/**
 * What the repository of an entity is provided as, such as `LinkRepository`, with the data source's name before it where it is not
 * the default one, `archive_LinkRepository`. Of a second entity of the same name the text says where its records lie, so that the two
 * differ: never write it by hand.
 *
 * @throws DustError `invalid_metadata` for what is no entity class
 */
export function getRepositoryToken(entity: EntityClass, dataSource?: DataSourceReference): string;
export function getRepositoryToken(type: EntityClass, dataSource?: DataSourceReference): InjectionToken {
  if (!isRepositoryClass(type)) return tokenOf(type, dataSource, 'Repository');
  const scope = scopeOf(dataSource);
  return scope === '' ? type : `${scope}${type.name}`;
}

/**
 * What the event bridge of an entity is provided as.
 *
 * @throws DustError `invalid_metadata` for what is no entity class
 */
export function getEventBridgeToken(entity: EntityClass, dataSource?: DataSourceReference): string {
  return tokenOf(entity, dataSource, 'EventBridge');
}

function tokenOf(entity: EntityClass, dataSource: DataSourceReference | undefined, suffix: string): string {
  if (typeof (entity as unknown) !== 'function') throw notAnEntityClass(entity);
  const name = entityNameOf(entity);
  const place = placeOf(entity);
  const token = `${scopeOf(dataSource)}${name}${suffix}`;
  return hasNameToItself(name, place) ? token : `${token} (${place})`;
}

function scopeOf(dataSource: DataSourceReference | undefined): string {
  const name = dataSourceName(dataSource);
  return name === DEFAULT_DATA_SOURCE_NAME ? '' : `${name}_`;
}

/** Where the records lie as it was declared, by the class itself or by the nearest of those it extends. */
function placeOf(entity: EntityClass): string {
  for (let type: unknown = entity; typeof type === 'function'; type = Reflect.getPrototypeOf(type)) {
    const declared = declarationsOf(type)?.entities[0];
    if (declared !== undefined) {
      const prefix = [declared.prefix].flat().join('/');
      return declared.store === undefined ? prefix : `${declared.store}: ${prefix}`;
    }
  }
  throw notAnEntityClass(entity);
}
