/**
 * Why tests are left out against a server that is already running. Every test that is left out appears with its reason
 * in Jest's list of tests, and in the summary that `npm run test:contract` ends with.
 */
const REASONS = {
  realtime: 'HTTP tells of no changes; capabilities.test.ts shows that it says so',
  counters:
    'HTTP changes counters and sets in batches at most; capabilities.test.ts shows what it says, batch-changes.test.ts what it can',
  leases: 'HTTP has no leases; capabilities.test.ts shows that it says so',
  files: 'HTTP cannot store files; capabilities.test.ts shows that it says so',
  clock: "it moves the store's clock, and a server already running goes by its own",
  'case of slugs': 'a 0.1 server removes what differs by case alone (PROTOCOL §5.9)',
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
