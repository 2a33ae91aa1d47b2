import type { Feature } from '../../protocol/wire/features.js';
import { FEATURES } from '../../protocol/wire/features.js';
import { batchCapabilities } from '../batch-capabilities.js';
import type { TransportCapabilities } from '../transport.js';

/** What the channel can do with a server of version 0.1. */
const BASE: TransportCapabilities = Object.freeze({
  realtime: true,
  atomicBatch: true,
  batchIfAbsent: false,
  batchMerge: false,
  batchCounters: false,
  batchCheck: false,
  commits: false,
  merge: true,
  counters: true,
  leases: true,
  files: true,
  localReads: true,
  indexes: true,
  log: true,
});

/** As far as the channel can tell before it was joined. */
const ALL: ReadonlySet<Feature> = new Set(FEATURES);

const WITHOUT_BATCHES: TransportCapabilities = Object.freeze({ ...BASE, atomicBatch: false });

/**
 * What the channel can do with a server that announced these features when it was joined last; undefined before that. Batches
 * go over HTTP, so that they need them there, too.
 */
export function capabilitiesOver(
  http: TransportCapabilities,
  features: ReadonlySet<Feature> | undefined,
): TransportCapabilities {
  const commits = features?.has('commits') ?? false;
  const barrier = http.barrier === true;
  if (!http.atomicBatch) {
    return commits || barrier
      ? { ...WITHOUT_BATCHES, commits, ...(barrier && { barrier }) }
      : WITHOUT_BATCHES;
  }
  if (features?.size === 0) return BASE;
  const announced = {
    ...batchCapabilities(features ?? ALL),
    uniqueIndexes: (features ?? ALL).has('unique-indexes'),
  };
  return {
    ...BASE,
    batchIfAbsent: http.batchIfAbsent && announced.batchIfAbsent,
    batchMerge: http.batchMerge && announced.batchMerge,
    batchCounters: http.batchCounters && announced.batchCounters,
    batchCheck: http.batchCheck && announced.batchCheck,
    commits,
    ...(barrier && { barrier }),
    ...(http.uniqueIndexes === true && announced.uniqueIndexes && { uniqueIndexes: true }),
  };
}
