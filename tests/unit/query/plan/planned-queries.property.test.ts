import { EmbeddedTransport } from '../../../../src/transport/embedded/index.js';
import { createMemoryStorage, Store } from '../../../../src/store/index.js';
import { runSeed } from './model/run.js';

/** Of each run, three rounds of so many queries. */
const SIZE = { rounds: 3, queries: 8 };
const RUNS = Number(process.env['PLANNED_RUNS'] ?? 100);
const FIRST = Number(process.env['PLANNED_SEED'] ?? 0);

async function inMemory(run: (transport: EmbeddedTransport) => Promise<void>): Promise<void> {
  const store = new Store({ storage: createMemoryStorage() });
  const transport = new EmbeddedTransport({ store });
  try {
    await transport.connect();
    await run(transport);
  } finally {
    await transport.close();
    await store.close();
  }
}

it('a query finds the same by its plan, without indexes, by listings, and in plain objects', async () => {
  let tried = 0;
  for (let seed = FIRST; seed < FIRST + RUNS; seed++) {
    await inMemory(async (transport) => {
      tried += await runSeed(seed, transport, ['rows'], SIZE);
    });
  }
  expect(tried).toBe(RUNS * SIZE.rounds * SIZE.queries);
}, 3_600_000);
