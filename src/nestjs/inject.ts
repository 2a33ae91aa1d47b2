import { Inject } from '@nestjs/common';
import type { EntityClass } from '../metadata/index.js';
import type { DataSourceReference } from './tokens.js';
import {
  getDataSourceToken,
  getEntityManagerToken,
  getEventBridgeToken,
  getRepositoryToken,
} from './tokens.js';

/** A decorator of constructor parameters and properties. */
export type InjectDecorator = PropertyDecorator & ParameterDecorator;

/**
 * Injects the repository of an entity, or one of a class of one's own, that the module has imported by `DustOrmModule.forFeature`.
 *
 * @param dataSource the data source's name, where it is not the default one
 * @throws DustError `invalid_metadata` for what is no entity class
 *
 * @example
 * class LinksService {
 *   constructor(@InjectRepository(Link) private readonly links: Repository<Link>) {}
 * }
 */
export function InjectRepository(entity: EntityClass, dataSource?: DataSourceReference): InjectDecorator {
  return Inject(getRepositoryToken(entity, dataSource));
}

/** Injects a data source: the default one, or the one with this name. Never throws. */
export function InjectDataSource(dataSource?: DataSourceReference): InjectDecorator {
  return Inject(getDataSourceToken(dataSource));
}

/** Injects the entity manager of a data source. Never throws. */
export function InjectEntityManager(dataSource?: DataSourceReference): InjectDecorator {
  return Inject(getEntityManagerToken(dataSource));
}

/**
 * Injects the event bridge of an entity that `DustOrmModule.forEvents` has set up.
 *
 * @throws DustError `invalid_metadata` for what is no entity class
 */
export function InjectEventBridge(entity: EntityClass, dataSource?: DataSourceReference): InjectDecorator {
  return Inject(getEventBridgeToken(entity, dataSource));
}
