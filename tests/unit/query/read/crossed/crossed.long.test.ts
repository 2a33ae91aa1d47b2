import { CHANNEL_ROWS } from '../../../../contract/rows/channel-rows.js';
import { EMBEDDED_ROWS } from '../../../../contract/rows/embedded-rows.js';
import { overRow } from '../../../../contract/rows/over-row.js';
import { runCrossed } from './run-crossed.js';

const ROWS = [
  { row: EMBEDDED_ROWS[0]!, runs: Number(process.env.CROSSED_RUNS ?? 25) },
  { row: EMBEDDED_ROWS[1]!, runs: 4 },
  { row: CHANNEL_ROWS[0]!, runs: 4 },
];
const ROUNDS = 20;

it.each(ROWS.map((each) => [each.row.name, each] as const))(
  'a read that somebody writes into at every turn is of the moment at which it began, on %s',
  async (_, { row, runs }) => {
    await overRow(row, 'crossed', async (transport) => {
      let writes = 0;
      let longest = 0;
      for (let seed = 0; seed < runs; seed++) {
        const run = await runCrossed(seed, transport, ['rows', String(seed)], ROUNDS);
        writes += run.writes;
        longest = Math.max(longest, run.longest);
      }
      expect(writes).toBeGreaterThan(runs * ROUNDS);
      expect(longest).toBe(3);
    });
  },
  600_000,
);
