import type { Feature } from '../../../src/protocol/wire/features.js';
import type { TransportCapabilities } from '../../../src/transport/transport.js';

/** What each feature that a server announces beyond version 0.1 lets its clients do. */
const GIVES: Readonly<Record<Feature, keyof TransportCapabilities>> = {
  'batch-if-absent': 'batchIfAbsent',
  'batch-merge': 'batchMerge',
  'batch-counters': 'batchCounters',
  'batch-check': 'batchCheck',
  'batch-below': 'subtrees',
  commits: 'commits',
  'unique-indexes': 'uniqueIndexes',
  'read-barrier': 'barrier',
};

/** What a way to a server of version 0.1 can do, and what it can do beside that with these features. */
export function withFeatures(
  base: TransportCapabilities,
  features: readonly Feature[],
): TransportCapabilities {
  // Who cannot watch has no use for commits, and who has a mirror reads subtrees there.
  const useful = features.filter((feature) => feature !== (base.realtime ? 'batch-below' : 'commits'));
  return { ...base, ...Object.fromEntries(useful.map((feature) => [GIVES[feature], true])) };
}
