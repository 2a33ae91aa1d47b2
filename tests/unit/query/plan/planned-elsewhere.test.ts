import { filter, firstValueFrom } from 'rxjs';
import { systemClock } from '../../../../src/clock.js';
import { silentLogger } from '../../../../src/logging.js';
import { CHANNEL_ROWS } from '../../../contract/channel-rows.js';
import { EMBEDDED_ROWS } from '../../../contract/embedded-rows.js';
import { HTTP_ROWS } from '../../../contract/http-rows.js';
import { runSeed } from './model/run.js';

const ROWS = [EMBEDDED_ROWS[1]!, CHANNEL_ROWS[0]!, HTTP_ROWS[0]!];
const SIZE = { rounds: 2, queries: 5 };
const RUNS = 5;

it.each(ROWS.map((row) => [row.name, row] as const))(
  'a query finds the same by its plan and in plain objects, on %s',
  async (_, row) => {
    const store = await row.open(systemClock);
    try {
      const transport = store.transport({
        store: 'local/default',
        clock: systemClock,
        logger: silentLogger,
        deviceId: 'planned',
      });
      try {
        await transport.connect();
        if (row.capabilities.realtime) {
          await firstValueFrom(transport.status$.pipe(filter(({ state }) => state === 'live')));
        }
        for (let seed = 0; seed < RUNS; seed++) {
          await runSeed(1000 + seed, transport, ['rows', String(seed)], SIZE);
        }
      } finally {
        await transport.close();
      }
    } finally {
      await store.dispose();
    }
  },
  120_000,
);
