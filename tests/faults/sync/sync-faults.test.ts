import { defaultParts } from '../../../src/sync/parts.js';
import { SyncEngine } from '../../../src/sync/engine.js';
import type { CreateEngine } from './simulation/engine-under-test.js';
import { runFault } from './simulation/run-fault.js';
import { LMDB_SCENARIO, SCENARIOS } from './simulation/scenario.js';
import { simulate } from './simulation/simulation.js';

/**
 * Server, network and clients on one seeded scheduler: no real clock, timer or socket. `SYNC_SEED=n` runs one seed,
 * `SYNC_SEEDS=n` that many of each scenario.
 */
const { SYNC_SEED, SYNC_SEEDS } = process.env;

/** Of each scenario. CI runs 80 of each. */
const DEFAULT_SEEDS = 40;

/** The most that one seed takes on a busy machine, in milliseconds; a disk takes longer. */
const PER_SEED = { memory: 5_000, lmdb: 20_000 };

const createEngine: CreateEngine = (options) => new SyncEngine(options, defaultParts);

function seeds(count: number): number[] {
  if (SYNC_SEED !== undefined) return [Number(SYNC_SEED)];
  return Array.from({ length: Number(SYNC_SEEDS ?? count) }, (_, i) => i + 1);
}

const SEEDS = seeds(DEFAULT_SEEDS);
const LMDB_SEEDS = seeds(10);

describe('an engine under seeded faults', () => {
  it.each(SCENARIOS)(
    'diverges from nothing: $name',
    async (scenario) => {
      for (const seed of SEEDS) {
        expect(await runFault(seed, scenario, createEngine)).toBeUndefined();
      }
    },
    SEEDS.length * PER_SEED.memory,
  );

  it(
    `diverges from nothing: ${LMDB_SCENARIO.name}`,
    async () => {
      for (const seed of LMDB_SEEDS) {
        expect(await runFault(seed, LMDB_SCENARIO, createEngine)).toBeUndefined();
      }
    },
    LMDB_SEEDS.length * PER_SEED.lmdb,
  );

  it('does the same again for the same seed', async () => {
    for (const scenario of SCENARIOS) {
      const [once, again] = [
        await simulate(1, scenario, createEngine),
        await simulate(1, scenario, createEngine),
      ];
      expect(again.trace.render()).toBe(once.trace.render());
    }
  });
});
