export { DataSource } from './data-source.js';
export type { DataSourceOptions, TransportContext, TransportFactory } from './data-source-options.js';
