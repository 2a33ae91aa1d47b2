import { filter, firstValueFrom } from 'rxjs';
import { systemClock } from '../../../src/clock.js';
import type { Transport } from '../../../src/index.js';
import { silentLogger } from '../../../src/index.js';
import type { TransportRow } from './row.js';

/** Runs work over one transport to a store of its own, which is live where it can be; both are closed afterwards. */
export async function overRow(
  row: TransportRow,
  deviceId: string,
  work: (transport: Transport) => Promise<void>,
): Promise<void> {
  const store = await row.open(systemClock);
  try {
    const options = { store: 'local/default', clock: systemClock, logger: silentLogger, deviceId };
    const transport = store.transport(options);
    try {
      await transport.connect();
      if (row.capabilities.realtime) {
        await firstValueFrom(transport.status$.pipe(filter(({ state }) => state === 'live')));
      }
      await work(transport);
    } finally {
      await transport.close();
    }
  } finally {
    await store.dispose();
  }
}
