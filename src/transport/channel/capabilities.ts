import type { Feature } from '../../protocol/features.js';
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
});

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
  const has = (feature: Feature): boolean => features?.has(feature) ?? true;
  if (!http.atomicBatch) return commits ? { ...WITHOUT_BATCHES, commits } : WITHOUT_BATCHES;
  if (features?.size === 0) return BASE;
  return {
    ...BASE,
    batchIfAbsent: http.batchIfAbsent && has('batch-if-absent'),
    batchMerge: http.batchMerge && has('batch-merge'),
    batchCounters: http.batchCounters && has('batch-counters'),
    batchCheck: http.batchCheck && has('batch-check'),
    commits,
  };
}
