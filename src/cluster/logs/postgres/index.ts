export type { PostgresLogOptions } from './postgres-log.js';
export { openPostgresLog } from './postgres-log.js';
export { serversOf } from './servers.js';
