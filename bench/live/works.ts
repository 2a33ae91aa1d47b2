import type { LiveRecord, LiveRival, Watched } from './rival.js';

/** How large the bench is. */
export interface LiveSize {
  /** Records of the store that one list is read from. */
  readonly records: number;
  /** Live queries that are open at once. */
  readonly queries: number;
}

/** What is measured: time, or the bytes of what is left open. */
export interface LiveWork {
  readonly name: (size: LiveSize) => string;
  readonly measures: 'time' | 'bytes';
  /** The records of the store, before anything is watched. */
  readonly records: (size: LiveSize) => readonly LiveRecord[];
  /** What is watched meanwhile. */
  readonly open: (rival: LiveRival, size: LiveSize) => Promise<readonly Watched[]>;
  /** What is measured, once for each call. */
  readonly run: (rival: LiveRival, call: number) => Promise<void>;
  readonly calls: number;
}

/** What one of a thousand customers has. */
const SHOWN = 1000;
/** What one list that is read from all records shows. */
const FOUND = 100;

const recordsOf = (count: number, customerOf: (i: number) => string): LiveRecord[] =>
  Array.from({ length: count }, (_, i) => ({
    id: `i${i.toString().padStart(7, '0')}`,
    title: `number ${i}`,
    customer: customerOf(i),
  }));

async function watchAll(
  rival: LiveRival,
  customers: readonly string[],
  expected: number,
): Promise<readonly Watched[]> {
  const watched: Watched[] = [];
  for (const customer of customers) watched.push(await watchOne(rival, customer, expected));
  return watched;
}

async function watchOne(rival: LiveRival, customer: string, expected: number): Promise<Watched> {
  const watched = await rival.watch(customer);
  if (watched.length !== expected) {
    throw new Error(`${rival.name}: ${watched.length} records, not ${expected}`);
  }
  return watched;
}

const several = (count: number, customerOf: (i: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => customerOf(i));

/** What is measured of each rival. */
export const LIVE_WORKS: readonly LiveWork[] = [
  {
    name: ({ records }) => `first list of ${FOUND} by equality, of ${records.toLocaleString('en')}`,
    measures: 'time',
    records: ({ records }) => recordsOf(records, (i) => `c${i % Math.floor(records / FOUND)}`),
    open: () => Promise.resolve([]),
    run: async (rival, call) => {
      (await watchOne(rival, `c${call}`, FOUND)).stop();
    },
    calls: 20,
  },
  {
    name: ({ queries }) =>
      `${queries.toLocaleString('en')} equal queries of ${SHOWN}, an operation that changes nothing they show`,
    measures: 'time',
    records: () => recordsOf(2 * SHOWN, (i) => (i < SHOWN ? 'shown' : 'other')),
    open: (rival, { queries }) =>
      watchAll(
        rival,
        several(queries, () => 'shown'),
        SHOWN,
      ),
    run: (rival, call) =>
      rival.rename(`i${(SHOWN + (call % SHOWN)).toString().padStart(7, '0')}`, `call ${call}`),
    calls: 50,
  },
  {
    name: ({ queries }) =>
      `${queries.toLocaleString('en')} queries of a value each, an operation of one of them`,
    measures: 'time',
    records: ({ queries }) => recordsOf(10 * queries, (i) => `c${i % queries}`),
    open: (rival, { queries }) =>
      watchAll(
        rival,
        several(queries, (i) => `c${i}`),
        10,
      ),
    run: (rival, call) => rival.rename(`i${(call % 1000).toString().padStart(7, '0')}`, `call ${call}`),
    calls: 50,
  },
  {
    name: () => `memory of an equal query of ${SHOWN}`,
    measures: 'bytes',
    records: () => recordsOf(SHOWN, () => 'shown'),
    open: (rival, { queries }) =>
      watchAll(
        rival,
        several(queries, () => 'shown'),
        SHOWN,
      ),
    run: () => Promise.resolve(),
    calls: 0,
  },
];
