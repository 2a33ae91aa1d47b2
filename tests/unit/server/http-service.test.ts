import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { silentLogger } from '../../../src/logging.js';
import { HttpService } from '../../../src/server/http-service.js';
import { serverParts } from '../../../src/server/server-parts.js';
import { Store, createMemoryStorage } from '../../../src/store/index.js';
import { useDataFolder } from '../store/lmdb/data-folder.js';
import { TOKEN } from './running.js';

const folder = useDataFolder();
let store: Store;
let service: HttpService;

beforeEach(() => {
  store = new Store({ storage: createMemoryStorage() });
  service = new HttpService(
    serverParts({ stores: { 'acme/main': store }, tokens: [{ token: TOKEN }], logger: silentLogger }),
  );
});

afterEach(async () => {
  await service.close();
  await store.close();
});

const at = (name: string) => ({ path: join(folder.path, name) });

async function isHeard(place: { readonly path: string }): Promise<boolean> {
  const socket = connect(place);
  const outcome = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'error').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return outcome;
}

it('a service is heard at a second place, and at neither when it is closed', async () => {
  await service.listen(at('one'));
  await service.listen(at('two'));
  expect([await isHeard(at('one')), await isHeard(at('two'))]).toEqual([true, true]);
  await service.close();
  expect([await isHeard(at('one')), await isHeard(at('two'))]).toEqual([false, false]);
});

it('one that is closed while it begins there is heard nowhere', async () => {
  await service.listen(at('one'));
  const beginning = service.listen(at('two'));
  const closing = service.close();
  await beginning;
  await closing;
  expect([await isHeard(at('one')), await isHeard(at('two'))]).toEqual([false, false]);
});

it('one that cannot be heard where it is told to lets go of its metrics', async () => {
  await service.listen(at('one'));
  const parts = serverParts({
    stores: { 'acme/main': store },
    tokens: [{ token: TOKEN }],
    metrics: true,
    logger: silentLogger,
  });
  const close = jest.spyOn(parts.metrics!, 'close');
  const other = new HttpService(parts);
  await expect(other.listen(at('one'))).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect(close).toHaveBeenCalledTimes(1);
  await other.close();
});
