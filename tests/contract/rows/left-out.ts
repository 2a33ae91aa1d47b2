import type { TransportCapabilities } from '../../../src/transport/transport.js';

/** What the transport cannot do; capabilities.test.ts and the tests beside show what it says instead. */
const CAPABILITIES = {
  realtime: 'HTTP tells of no changes',
  counters: 'HTTP changes counters and sets in batches at most',
  merge: 'HTTP merges in batches at most',
  leases: 'HTTP has no leases',
  files: 'HTTP cannot store files',
  localReads: 'HTTP keeps no mirror',
  subtrees: 'a 0.1 server reads one subtree in a request',
  indexes: 'only a store or a mirror of this process is indexed',
  uniqueIndexes: 'a 0.1 server keeps no values unique by itself',
  barrier: 'a 0.1 server does not say how far it has come',
  log: 'the store hands out no log',
  atomicBatch: 'the server has no batches',
  batchCheck: 'a 0.1 server compares single fields only, by writing them again',
  batchIfAbsent: 'a 0.1 server ignores if_absent in batches',
  batchMerge: 'batches of a 0.1 server set and delete',
  batchCounters: 'batches of a 0.1 server set and delete',
  commits: 'a 0.1 server does not tell what was committed together, and HTTP tells of no changes',
} as const satisfies Record<keyof TransportCapabilities, string>;

/**
 * Why tests are left out against a server that is already running. Every test that is left out appears with its reason
 * in Jest's list of tests, and in the summary that `npm run test:contract` ends with.
 */
const REASONS = {
  ...CAPABILITIES,
  clock: "it moves the store's clock, and a server already running goes by its own",
  'case of slugs': 'a 0.1 server removes what differs by case alone (PROTOCOL §5.9)',
  'large batches': 'the writer of a 0.1 server may take longer for it than it is waited for (PROTOCOL §8)',
  'a file':
    'a 0.1 server takes one file in a store (PROTOCOL §8), and this one has had it, or another row stores it',
  'more files': 'a 0.1 server takes one file in a store (PROTOCOL §8), and that is left to another test',
} as const;

/** What a test may need that a server already running, or the way to it, does not offer. */
export type Need = keyof typeof REASONS;

/** The title of a test that is left out. */
export function leftOut(title: string, need: Need): string {
  return `${title} (left out: ${REASONS[need]})`;
}

/** Whether it is something that a transport says of itself. */
export function isCapability(need: Need): need is keyof TransportCapabilities {
  return Object.hasOwn(CAPABILITIES, need);
}
