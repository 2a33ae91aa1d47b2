export type { ClusterOptions, ClusterStoreParts } from './open-cluster-store.js';
export { openClusterStore } from './open-cluster-store.js';
export { serversOf } from './logs/postgres/index.js';
