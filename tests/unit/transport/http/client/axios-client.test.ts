import { silentLogger } from '../../../../../src/logging.js';
import { HttpTransport } from '../../../../../src/transport/http/index.js';
import { stillHeld } from '../../../garbage.js';
import { STORE, TOKEN, start, stopAll } from '../../../server/running.js';

afterEach(stopAll);

test('a client that is open holds nothing of requests that are over, whether they failed or not', async () => {
  const { url } = await start();
  const transport = new HttpTransport({ url, token: TOKEN, store: STORE, logger: silentLogger });
  await transport.connect();
  const ask = async (path: string): Promise<WeakRef<object>> => {
    const { signal } = new AbortController();
    await transport.get(path, { signal }).catch(() => undefined);
    return new WeakRef(signal);
  };
  const signals = [await ask('a'), await ask('b'), await ask('a//b')];
  // Another request takes the place of the last one wherever only that is kept.
  await transport.get('c');
  expect(await stillHeld(signals)).toBe(0);
  await transport.close();
});
