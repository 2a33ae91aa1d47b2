import { setImmediate as turn } from 'node:timers/promises';
import type { SyncEngine } from '../../../../src/sync/index.js';
import { openEngine } from '../../../../src/transport/channel/open-engine.js';
import { HttpTransport } from '../../../../src/transport/http/index.js';

it('an engine that cannot be closed in order leaves no HTTP client open', async () => {
  const closed = jest.spyOn(HttpTransport.prototype, 'close');
  const running = await openEngine({
    url: 'http://127.0.0.1:1',
    store: 'acme/app',
    token: 'test-token',
  });
  const engine = running.engine as SyncEngine;
  const end = engine.close.bind(engine);
  jest.spyOn(engine, 'close').mockRejectedValueOnce(new Error('the mirror cannot be closed'));
  await expect(running.close()).rejects.toThrow('the mirror cannot be closed');
  expect(closed).toHaveBeenCalledTimes(1);
  await end();
});

it('an engine is closed when its HTTP client is', async () => {
  let end: (() => void) | undefined;
  const ending = new Promise<void>((resolve) => {
    end = resolve;
  });
  jest.spyOn(HttpTransport.prototype, 'close').mockReturnValueOnce(ending);
  const running = await openEngine({ url: 'http://127.0.0.1:1', store: 'acme/app', token: 'test-token' });
  let isClosed = false;
  const closed = running.close().then(() => {
    isClosed = true;
  });
  await turn();
  expect(isClosed).toBe(false);
  end?.();
  await closed;
});
