export type { ClusterStatus, MemberStatus } from './cluster-status.js';
export { clusterStatus } from './cluster-status.js';
export type { ObservedMark, ObserverOptions } from './log-observer.js';
export { observe } from './log-observer.js';
export { upgradeCluster } from './upgrade.js';
