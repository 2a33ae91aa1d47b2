import { runInMemory } from './model/in-memory.js';

/** Of each run, three rounds of so many queries. */
const SIZE = { rounds: 3, queries: 8 };
const RUNS = Number(process.env.PLANNED_RUNS ?? 200);
const FIRST = Number(process.env.PLANNED_SEED ?? 0);

it('a query finds the same by its plan, without indexes, by listings, and in plain objects', async () => {
  let tried = 0;
  for (let seed = FIRST; seed < FIRST + RUNS; seed++) tried += await runInMemory(seed, SIZE);
  expect(tried).toBe(RUNS * SIZE.rounds * SIZE.queries);
}, 3_600_000);
