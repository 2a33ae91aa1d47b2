import type { Load } from './server-load.js';

/** What goes wrong in a run beside the server's own habits. */
export type Fault =
  | 'cut'
  | 'halfOpen'
  | 'partition'
  | 'stall'
  | 'channelCrash'
  | 'serverCrash'
  | 'compact'
  | 'silentWrite'
  | 'silentBatch'
  | 'restore'
  | 'restart'
  | 'revoke';

/** A mix of faults, by name, so that a failure tells the area. Everything else is drawn from the seed. */
export interface Scenario {
  readonly name: string;
  /** How often each fault comes up, relative to the others. */
  readonly faults: Readonly<Partial<Record<Fault, number>>>;
  /** The number of faults in a run, at most. */
  readonly faultCount: number;
  /** Whether mailboxes are worked off slowly, so that they outlive their connection. */
  readonly slowChannels: boolean;
  /** What wears the server out; undefined for one that has all the time in the world. */
  readonly load?: Load;
  /** Where the mirrors lie. */
  readonly disk: 'memory' | 'lmdb';
}

const scenario = (name: string, faults: Scenario['faults'], options: Partial<Scenario> = {}): Scenario => ({
  name,
  faults,
  faultCount: 8,
  slowChannels: false,
  disk: 'memory',
  ...options,
});

const SILENT = { silentWrite: 2, silentBatch: 1 };
const LOST = { cut: 4, halfOpen: 2, partition: 2, stall: 2, channelCrash: 1, serverCrash: 1, revoke: 0.3 };

/** The areas of PROTOCOL §5 and §8. */
export const SCENARIOS: readonly Scenario[] = [
  scenario('disorder and holes', { ...SILENT, stall: 2 }, { faultCount: 12 }),
  scenario('lost connections', LOST),
  scenario(
    'late writes of dead connections',
    { cut: 5, halfOpen: 1, channelCrash: 1 },
    { slowChannels: true },
  ),
  scenario(
    'snapshots and catch-up values',
    { compact: 4, partition: 4, cut: 2, ...SILENT },
    { faultCount: 12 },
  ),
  scenario(
    'process restarts',
    { restart: 4, cut: 1, silentWrite: 4, silentBatch: 1, compact: 1 },
    { slowChannels: true, faultCount: 16 },
  ),
  scenario('restored stores', { restore: 2, cut: 2, restart: 1, silentWrite: 1, compact: 1 }),
  scenario('a server under load', { cut: 2, halfOpen: 1, stall: 1 }, { load: { lateWriters: 0.15 } }),
  scenario('a rate limit', { silentWrite: 1 }, { load: { lateWriters: 0, perWindow: 10 } }),
  scenario(
    'everything',
    { ...SILENT, ...LOST, compact: 2, restore: 1, restart: 2 },
    { slowChannels: true, faultCount: 14 },
  ),
  scenario(
    'everything at once, under load',
    { ...SILENT, ...LOST, compact: 2, restore: 1, restart: 2 },
    { slowChannels: true, faultCount: 14, load: { lateWriters: 0.1 } },
  ),
];

/** Few, because a disk takes its time. */
export const LMDB_SCENARIO = scenario(
  'process restarts on LMDB',
  { restart: 5, cut: 2, ...SILENT, compact: 1 },
  { slowChannels: true, disk: 'lmdb' },
);
