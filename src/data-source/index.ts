export { buildEntities } from './build-entities.js';
export { checkPrefixes } from './check-prefixes.js';
export { createRemoteTransport } from './create-remote-transport.js';
export { DataSource } from './data-source.js';
export { DATA_SOURCE_OPTIONS } from './data-source-options.js';
export type { DataSourceOptions, TransportContext, TransportFactory } from './data-source-options.js';
export { dataSourceOptionsFromEnv } from './options-from-env.js';
export type { EnvironmentOptions } from './options-from-env.js';
export { DEFAULT_STORE } from './resolve-options.js';
