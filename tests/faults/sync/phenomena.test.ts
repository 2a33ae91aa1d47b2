import { SyncEngine } from '../../../src/sync/engine.js';
import { SCENARIOS } from './simulation/scenario.js';
import { simulate } from './simulation/simulation.js';

/** What PROTOCOL §5 tells of, by the word that a trace has for it. A suite in which one never happens shows nothing of it. */
const PHENOMENA = [
  'out of order',
  'twice',
  'late commit',
  'hears snapshot',
  'wrong value',
  'is cut',
  'is half open',
  'is killed',
  'restore',
  'crash',
  'channel crashes',
  'acknowledged',
  'refused',
  'unknown',
  'hands in',
  'dies of a write',
  'commit of a busy writer',
];

const SEEDS = 12;

describe('the simulation', () => {
  it('lets everything happen that a client must survive', async () => {
    const counts = new Map(PHENOMENA.map((phenomenon) => [phenomenon, 0]));
    for (const scenario of SCENARIOS) {
      for (let seed = 1; seed <= SEEDS; seed++) {
        const { trace } = await simulate(seed, scenario, (options) => new SyncEngine(options));
        for (const [what, count] of counts) counts.set(what, count + trace.count(what));
      }
    }
    expect([...counts].filter(([, count]) => count === 0)).toEqual([]);
  }, 120_000);
});
