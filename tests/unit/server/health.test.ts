import { FEATURES } from '../../../src/protocol/wire/features.js';
import { openStore } from '../../../src/server/index.js';
import { Store } from '../../../src/store/index.js';
import { failingStorage } from '../store/unreadable.js';
import { useDataFolder } from '../store/lmdb/data-folder.js';
import { rmSync } from 'node:fs';
import { http } from './http.js';
import { STORE, start, stopAll } from './running.js';

const folder = useDataFolder();

afterEach(stopAll);

const both = (url: string) =>
  Promise.all(
    ['/healthz', '/readyz'].map(async (path) => {
      const { status, json } = await http(url, { path });
      return [status, json];
    }),
  );

const CHECKS = { database: 'error', pubsub: 'ok' };

describe('/healthz and /readyz', () => {
  test('are well while every store can be read', async () => {
    const { url } = await start();
    expect(await both(url)).toEqual([
      [200, { status: 'ok', features: FEATURES }],
      [200, { status: 'ok', checks: { database: 'ok', pubsub: 'ok' } }],
    ]);
  });

  test('are bad while reads of one of them fail, and the reason names no file', async () => {
    const { storage, fail } = failingStorage();
    const store = new Store({ storage });
    const { url, logged } = await start({ stores: { 'acme/well': await openStore(), [STORE]: store } });
    expect((await both(url)).map(([status]) => status)).toEqual([200, 200]);
    fail();
    expect(await both(url)).toEqual([
      [503, { status: 'error', reason: 'unknown', features: FEATURES }],
      [503, { status: 'error', checks: CHECKS, reason: 'unknown' }],
    ]);
    expect(logged[0]).toBe(`the store ${STORE} cannot be read: MDB_READERS_FULL in /srv/secret`);
  });

  test('are bad when the folder of a store is gone', async () => {
    const store = await openStore({ path: folder.path });
    const { url } = await start({ stores: { [STORE]: store } });
    expect((await both(url)).map(([status]) => status)).toEqual([200, 200]);
    rmSync(folder.path, { recursive: true });
    expect(await both(url)).toEqual([
      [503, { status: 'error', reason: 'storage (gone)', features: FEATURES }],
      [503, { status: 'error', checks: CHECKS, reason: 'storage (gone)' }],
    ]);
    await store.close().catch(() => undefined);
  });

  test('are bad when a store was closed', async () => {
    const { url, store } = await start();
    await store.close();
    expect(await both(url)).toEqual([
      [503, { status: 'error', reason: 'closed', features: FEATURES }],
      [503, { status: 'error', checks: CHECKS, reason: 'closed' }],
    ]);
  });
});
