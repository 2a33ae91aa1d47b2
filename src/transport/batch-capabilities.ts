import type { Feature } from '../protocol/wire/features.js';
import type { TransportCapabilities } from './transport.js';

type BatchCapabilities = Pick<
  TransportCapabilities,
  'batchIfAbsent' | 'batchMerge' | 'batchCounters' | 'batchCheck'
>;

/** What batches can hold on a server that announced these features. */
export function batchCapabilities(features: ReadonlySet<Feature>): BatchCapabilities {
  return {
    batchIfAbsent: features.has('batch-if-absent'),
    batchMerge: features.has('batch-merge'),
    batchCounters: features.has('batch-counters'),
    batchCheck: features.has('batch-check'),
  };
}
