import { CHANNEL_ROWS } from '../../../contract/rows/channel-rows.js';
import { EMBEDDED_ROWS } from '../../../contract/rows/embedded-rows.js';
import { overRow } from '../../../contract/rows/over-row.js';
import { HTTP_ROWS } from '../../../contract/rows/http-rows.js';
import { runSeed } from './model/run.js';

const ROWS = [EMBEDDED_ROWS[1]!, CHANNEL_ROWS[0]!, HTTP_ROWS[0]!];
const SIZE = { rounds: 2, queries: 5 };
const RUNS = 5;

it.each(ROWS.map((row) => [row.name, row] as const))(
  'a query finds the same by its plan and in plain objects, on %s',
  async (_, row) => {
    await overRow(row, 'planned', async (transport) => {
      for (let seed = 0; seed < RUNS; seed++) {
        await runSeed(1000 + seed, transport, ['rows', String(seed)], SIZE);
      }
    });
  },
  120_000,
);
