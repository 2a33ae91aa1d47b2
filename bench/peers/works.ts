import type { Rules } from './link.js';
import { slugNumber, urlNumber, valuesNumber } from './link.js';
import type { Rival } from './rival.js';

/** What is held to what: of TypeORM's time at least, and of raw SQLite's at most, as multiples. */
interface Targets {
  readonly typeOrm: number;
  readonly raw?: number;
}

/** One row of the comparison. */
export interface Work {
  readonly name: string;
  /** What one call is worth: the time is told for each of these. */
  readonly per?: { readonly what: string; readonly count: (records: number) => number };
  /** Calls in one round, at most. */
  readonly calls: number;
  /** Rounds, where each takes long. */
  readonly rounds?: number;
  readonly memory: Targets;
  readonly disk: Targets;
  /** Before each round, off the clock: the calls from `first` to before `end` come next. */
  prepare?(rival: Rival, first: number, end: number): Promise<void>;
  /** The same for every rival of the same `call`, which goes up over all rounds. */
  run(rival: Rival, call: number, records: number): Promise<unknown>;
}

/** Jumps through the records, and back to where it was only after all of them. */
const at = (call: number, records: number): number => (call * 7_919) % records;

/** Those that are inserted one by one lie behind all of them. */
const single = (call: number): number => 10_000_000 + call;

/** And behind those, what is inserted to be deleted. */
const doomed = (call: number): number => 20_000_000 + call;

const PAGE = 100;
const NEWEST = 20;

function expectCount(found: readonly unknown[] | number, least: number): void {
  const count = typeof found === 'number' ? found : found.length;
  if (count < least) throw new Error(`found ${count} records instead of ${least}`);
}

function expectSlug(found: Rules | null | undefined, slug: string): void {
  if (found?.slug !== slug) throw new Error(`found ${found?.slug ?? 'nothing'} instead of ${slug}`);
}

const bulk: Work = {
  name: 'validated bulk insert, per record',
  per: { what: 'record', count: (records) => records },
  calls: 1,
  rounds: 3,
  memory: { typeOrm: 3, raw: 1.5 },
  disk: { typeOrm: 2.5 },
  prepare: (rival) => rival.clear(),
  run: (rival, _, records) => rival.insertMany(Array.from({ length: records }, (__, n) => valuesNumber(n))),
};

/** In the order of the table, but for the bulk insert, which fills the stores for all others. */
export const WORKS: readonly Work[] = [
  bulk,
  {
    name: 'find by key',
    calls: 3_000,
    memory: { typeOrm: 5, raw: 2 },
    disk: { typeOrm: 4 },
    run: async (rival, call, records) => {
      const slug = slugNumber(at(call, records));
      expectSlug(await rival.find(slug), slug);
    },
  },
  {
    name: `page of ${PAGE} after a key, per record`,
    per: { what: 'record', count: () => PAGE },
    calls: 200,
    memory: { typeOrm: 1.5, raw: 1.5 },
    disk: { typeOrm: 1.5 },
    run: async (rival, call, records) =>
      expectCount(await rival.page(slugNumber(at(call, records - PAGE - 1)), PAGE), PAGE),
  },
  {
    name: 'find one by an indexed field',
    calls: 2_000,
    memory: { typeOrm: 4, raw: 2 },
    disk: { typeOrm: 3 },
    run: async (rival, call, records) => {
      const n = at(call, records);
      expectSlug(await rival.findByUrl(urlNumber(n)), slugNumber(n));
    },
  },
  {
    name: `newest ${NEWEST} by an indexed date`,
    calls: 500,
    memory: { typeOrm: 3 },
    disk: { typeOrm: 2 },
    run: async (rival) => expectCount(await rival.newest(NEWEST), NEWEST),
  },
  {
    name: 'count by an indexed range',
    calls: 500,
    memory: { typeOrm: 1.5 },
    disk: { typeOrm: 1.5 },
    run: async (rival, call) => expectCount(await rival.countRanks(call % 900, (call % 900) + 50), 1),
  },
  {
    name: 'update one field by key',
    calls: 1_000,
    memory: { typeOrm: 2 },
    disk: { typeOrm: 1.5, raw: 1.2 },
    run: (rival, call, records) => rival.update(slugNumber(at(call, records)), `read ${call} times`),
  },
  {
    name: 'load, change, validate, save',
    calls: 1_000,
    memory: { typeOrm: 6 },
    disk: { typeOrm: 3, raw: 1.2 },
    run: (rival, call, records) => rival.change(slugNumber(at(call, records)), `Changed ${call} times`),
  },
  {
    name: 'read all, per record',
    per: { what: 'record', count: (records) => records },
    calls: 1,
    rounds: 3,
    memory: { typeOrm: 1.5 },
    disk: { typeOrm: 1.5 },
    run: async (rival, _, records) => expectCount(await rival.all(), records),
  },
  {
    name: 'validated insert, one by one',
    calls: 1_000,
    memory: { typeOrm: 2.5 },
    disk: { typeOrm: 1.5, raw: 1.2 },
    run: (rival, call) => rival.insert(valuesNumber(single(call))),
  },
  {
    name: 'delete by key',
    calls: 1_000,
    memory: { typeOrm: 2 },
    disk: { typeOrm: 1.5, raw: 1.2 },
    prepare: (rival, first, end) =>
      rival.insertMany(Array.from({ length: end - first }, (_, i) => valuesNumber(doomed(first + i)))),
    run: (rival, call) => rival.delete(slugNumber(doomed(call))),
  },
];
