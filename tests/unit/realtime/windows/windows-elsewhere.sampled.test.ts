import { CHANNEL_ROWS } from '../../../contract/rows/channel-rows.js';
import { EMBEDDED_ROWS } from '../../../contract/rows/embedded-rows.js';
import { overRow } from '../../../contract/rows/over-row.js';
import { runWindows } from './model/run.js';
import { sampleSize } from '../../../sample-size.js';

const ROWS = [EMBEDDED_ROWS[1]!, CHANNEL_ROWS[0]!];
const SIZE = { rounds: 2, queries: 4, writes: 8 };
const RUNS = sampleSize(10);

it.each(ROWS.map((row) => [row.name, row] as const))(
  'windows of live queries show after each commit what plain objects say, on %s',
  async (_, row) => {
    await overRow(row, 'windows', async (transport) => {
      let walks = 0;
      for (let seed = 0; seed < RUNS; seed++) {
        walks += await runWindows(500 + seed, transport, ['rows', String(seed)], SIZE);
      }
      expect(walks).toBeGreaterThan(RUNS);
    });
  },
  120_000,
);
