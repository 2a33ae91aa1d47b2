import { filter, firstValueFrom } from 'rxjs';
import { systemClock } from '../../../../src/clock.js';
import { silentLogger } from '../../../../src/logging.js';
import { CHANNEL_ROWS } from '../../../contract/channel-rows.js';
import { EMBEDDED_ROWS } from '../../../contract/embedded-rows.js';
import { runWindows } from './model/run.js';

const ROWS = [EMBEDDED_ROWS[1]!, CHANNEL_ROWS[0]!];
const SIZE = { rounds: 2, queries: 4, writes: 8 };
const RUNS = 5;

it.each(ROWS.map((row) => [row.name, row] as const))(
  'windows of live queries show after each commit what plain objects say, on %s',
  async (_, row) => {
    const store = await row.open(systemClock);
    try {
      const transport = store.transport({
        store: 'local/default',
        clock: systemClock,
        logger: silentLogger,
        deviceId: 'windows',
      });
      try {
        await transport.connect();
        await firstValueFrom(transport.status$.pipe(filter(({ state }) => state === 'live')));
        let walks = 0;
        for (let seed = 0; seed < RUNS; seed++) {
          walks += await runWindows(500 + seed, transport, ['rows', String(seed)], SIZE);
        }
        expect(walks).toBeGreaterThan(RUNS);
      } finally {
        await transport.close();
      }
    } finally {
      await store.dispose();
    }
  },
  120_000,
);
