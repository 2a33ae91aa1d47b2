import { runInMemory } from './model/in-memory.js';

/** Of each run, three rounds of so many queries. */
const SIZE = { rounds: 3, queries: 8 };
const RUNS = Number(process.env.PLANNED_RUNS ?? 100);
const FIRST = Number(process.env.PLANNED_SEED ?? 0);
/** Seeds beyond the first ones that once told of a fault. */
const TELLING = [181, 191];

it.each([
  ['a query', false],
  ['a query with scopes, of rows that can be deleted softly,', true],
])(
  '%s finds the same by its plan, without indexes, by listings, and in plain objects',
  async (_, isSoft) => {
    const seeds = [...Array.from({ length: RUNS }, (_, i) => FIRST + i), ...TELLING];
    let tried = 0;
    for (const seed of seeds) tried += await runInMemory(seed, { ...SIZE, isSoft });
    expect(tried).toBe(seeds.length * SIZE.rounds * SIZE.queries);
  },
  3_600_000,
);
