export type { ClusterOptions, ClusterStoreParts } from './open-cluster-store.js';
export { checkClusterOptions } from './check-cluster-options.js';
export { openClusterStore } from './open-cluster-store.js';
