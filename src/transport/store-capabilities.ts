import type { TransportCapabilities } from './transport.js';

/** What our own store can do, in this process, and through another one of this machine that shares its folder. */
export const STORE_CAPABILITIES: TransportCapabilities = Object.freeze({
  realtime: true,
  atomicBatch: true,
  batchIfAbsent: true,
  batchMerge: true,
  batchCounters: true,
  batchCheck: true,
  commits: true,
  merge: true,
  counters: true,
  leases: true,
  files: true,
  localReads: true,
  indexes: true,
  uniqueIndexes: true,
  barrier: true,
  log: true,
});
