import type { Feature } from '../../protocol/wire/features.js';
import { batchCapabilities } from '../batch-capabilities.js';
import type { TransportCapabilities } from '../transport.js';

/** What HTTP can do with a server of version 0.1. */
const BASE: TransportCapabilities = Object.freeze({
  realtime: false,
  atomicBatch: true,
  batchIfAbsent: false,
  batchMerge: false,
  batchCounters: false,
  batchCheck: false,
  commits: false,
  merge: false,
  counters: false,
  leases: false,
  files: false,
  localReads: false,
  log: true,
});

const WITHOUT_BATCHES: TransportCapabilities = Object.freeze({ ...BASE, atomicBatch: false });

/** What HTTP can do with a server that has these features. Who cannot watch has no use for `commits`. */
export function capabilitiesOver(features: ReadonlySet<Feature>, hasBatches: boolean): TransportCapabilities {
  const beside = {
    ...(features.has('unique-indexes') && { uniqueIndexes: true }),
    ...(features.has('read-barrier') && { barrier: true }),
  };
  if (!hasBatches) {
    return Object.keys(beside).length > 0 ? { ...WITHOUT_BATCHES, ...beside } : WITHOUT_BATCHES;
  }
  if (features.size === 0) return BASE;
  return Object.freeze({
    ...BASE,
    ...batchCapabilities(features),
    ...(features.has('batch-below') && { subtrees: true }),
    ...beside,
  });
}
