/**
 * The NestJS module: data sources and repositories as providers, health, and errors as HTTP statuses.
 *
 * @module dust-orm/nestjs
 */
export { DustExceptionFilter } from './dust-exception-filter.js';
export { DustHealthIndicator } from './dust-health-indicator.js';
export type { DustHealthResult, DustPingCheckOptions } from './dust-health-indicator.js';
export { DustOrmModule } from './dust-orm.module.js';
export type { DustEventsOptions } from './dust-orm.module.js';
export { EntityRepository } from './entity-repository.js';
export type { RepositoryClass } from './entity-repository.js';
export { InjectDataSource, InjectEntityManager, InjectEventBridge, InjectRepository } from './inject.js';
export type { InjectDecorator } from './inject.js';
export { nestLogger } from './nest-logger.js';
export type {
  DataSourceFactory,
  DustOrmModuleAsyncOptions,
  DustOrmModuleOptions,
  DustOrmOptionsFactory,
} from './options.js';
export {
  getDataSourceToken,
  getEntityManagerToken,
  getEventBridgeToken,
  getRepositoryToken,
} from './tokens.js';
export type { DataSourceReference } from './tokens.js';
