import 'reflect-metadata';
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { DataSource } from '../../src/index.js';
import { silentLogger } from '../../src/logging.js';
import { serve } from '../../src/server/index.js';
import { storeFolder } from '../../src/server/stores/store-folder.js';
import { refusalOf } from '../unit/store/open-store.js';
import { PostgresServer } from './postgres-server.js';

const STORE = 'acme/closing';

let server: PostgresServer;
let observer: Client;
let folder: string;

beforeAll(async () => {
  server = await PostgresServer.start();
  observer = new Client({ connectionString: server.url });
  await observer.connect();
});

afterAll(async () => {
  await observer.end();
  await server.remove();
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dust-orm-closing-'));
  await observer.query('drop schema if exists dust_orm cascade');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Resolves when no node has a connection to the database. */
async function untilNobodyIsConnected(): Promise<void> {
  for (;;) {
    const { rows } = await observer.query(
      `select 1 from pg_stat_activity where application_name like 'dust-orm %'`,
    );
    if (rows.length === 0) return;
  }
}

const sourceAt = (path: string): DataSource =>
  new DataSource({ store: STORE, path, entities: [], cluster: { url: server.url }, logger: silentLogger });

/** The folder is moved away, which halts the node with the next frame. */
async function haltBy(path: string, write: () => Promise<unknown>): Promise<void> {
  renameSync(path, `${path}.away`);
  await write();
  renameSync(`${path}.away`, path);
  expect(existsSync(path)).toBe(true);
}

it('a data source whose node has halted is destroyed, and leaves neither a connection nor a locked folder', async () => {
  const path = join(folder, 'copy');
  const source = await sourceAt(path).initialize();
  const { transport } = source;
  await transport.increment('n', 1);
  await haltBy(path, async () => {
    expect(await refusalOf(transport.increment('n', 1))).toMatchObject({ kind: 'indeterminate' });
  });
  expect(await refusalOf(transport.get('n'))).toMatchObject({ kind: 'storage', detail: 'halted' });
  await source.destroy();
  await source.destroy();
  await untilNobodyIsConnected();
  const again = await sourceAt(path).initialize();
  expect(await again.transport.get('n')).toMatchObject({ value: 2 });
  await again.destroy();
  await untilNobodyIsConnected();
});

it('a served node that has halted is closed, and leaves neither a connection nor a locked folder', async () => {
  const path = storeFolder(folder, STORE);
  const begin = (): ReturnType<typeof serve> =>
    serve({
      port: 0,
      data: folder,
      stores: [STORE],
      cluster: { url: server.url },
      logger: silentLogger,
    });
  const served = await begin();
  const source = await new DataSource({
    url: served.url,
    token: served.token,
    store: STORE,
    transport: 'http',
    entities: [],
    logger: silentLogger,
  }).initialize();
  await source.transport.set('a', 1);
  await haltBy(path, () => refusalOf(source.transport.set('a', 2)));
  await source.destroy();
  await served.close();
  await untilNobodyIsConnected();
  const again = await begin();
  await again.close();
  await untilNobodyIsConnected();
});
