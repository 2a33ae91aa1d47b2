import type { InjectionToken } from '@nestjs/common';
import { DataSource } from '../data-source/index.js';
import type { EntityClass } from '../metadata/index.js';
import { declarationsOf } from '../metadata/index.js';
import { EntityManager } from '../repository/index.js';
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

/**
 * What the repository of an entity is provided as. The text says where its records lie, so that two classes of one name differ.
 *
 * @throws DustError `invalid_metadata` for what is no entity class
 */
export function getRepositoryToken(entity: EntityClass, dataSource?: DataSourceReference): string {
  return tokenOf(entity, dataSource, 'Repository');
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
  const name = dataSourceName(dataSource);
  const scope = name === DEFAULT_DATA_SOURCE_NAME ? '' : `${name}_`;
  return `${scope}${entityName(entity)}${suffix} (${placeOf(entity)})`;
}

function entityName(entity: unknown): string {
  if (typeof entity !== 'function') throw notAnEntityClass(entity);
  return entity.name;
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
