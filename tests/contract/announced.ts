import type { Feature } from '../../src/protocol/features.js';
import type { TransportCapabilities } from '../../src/transport/transport.js';

/** What each feature that a server announces beyond version 0.1 lets its clients do. */
const GIVES: Readonly<Record<Feature, keyof TransportCapabilities>> = {
  'batch-if-absent': 'batchIfAbsent',
  'batch-merge': 'batchMerge',
  'batch-counters': 'batchCounters',
  'batch-check': 'batchCheck',
  commits: 'commits',
};

/** What a way to a server of version 0.1 can do, and what it can do beside that with these features. */
export function withFeatures(
  base: TransportCapabilities,
  features: readonly Feature[],
): TransportCapabilities {
  const given = Object.fromEntries(features.map((feature) => [GIVES[feature], true]));
  // Who cannot watch has no use for commits.
  return { ...base, ...given, commits: base.realtime && features.includes('commits') };
}
