import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { Client } from 'pg';
import type { ClusterNodeOptions } from '../../src/cluster/cluster-node.js';
import { ClusterNode } from '../../src/cluster/cluster-node.js';
import { openClusterStore } from '../../src/cluster/index.js';
import { openPostgresLog } from '../../src/cluster/logs/postgres/postgres-log.js';
import { silentLogger } from '../../src/logging.js';
import { Store, createMemoryStorage } from '../../src/store/index.js';
import { openLmdbStorage } from '../../src/store/lmdb/index.js';
import { refusalOf } from '../unit/store/open-store.js';
import { PostgresServer } from './postgres-server.js';

let server: PostgresServer;
const stores: Store[] = [];

async function joinNode(
  store: string,
  options: Partial<ClusterNodeOptions> = {},
  storage = createMemoryStorage(),
): Promise<{ readonly store: Store; readonly node: ClusterNode }> {
  const log = await openPostgresLog({ url: server.url, store });
  let node: ClusterNode | undefined;
  const joined = new Store({
    storage,
    order: (copy) => (node = new ClusterNode(copy, { log, logger: silentLogger, ...options })),
  });
  stores.push(joined);
  return { store: joined, node: node! };
}

beforeAll(async () => {
  server = await PostgresServer.start();
}, 120_000);

afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});

afterAll(() => server.remove());

const times = (count: number, write: () => Promise<unknown>): Promise<unknown>[] =>
  Array.from({ length: count }, write);

/** How many rows of a table belong to a store. */
async function rowsOf(table: string, store: string): Promise<number> {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  try {
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::integer as count from dust_orm.${table} where store = $1`,
      [store],
    );
    return rows[0]!.count;
  } finally {
    await client.end();
  }
}

describe('nodes over PostgreSQL that the log leads no further', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dust-orm-cluster-'));
  const snapshots = { operations: 100, bytes: 1_000_000_000 };

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('restore a snapshot while others write, and end with the same store', async () => {
    const name = 'acme/restoring';
    const writer = await joinNode(name, { snapshots });
    const stopped = await joinNode(name, {}, await openLmdbStorage({ path: folder }));
    await writer.store.keepIndexes('r', [
      { prefix: 'r', parts: [{ path: 'u', type: 'string' }], unique: true },
    ]);
    await stopped.store.barrier();
    await stopped.store.close();
    let isWriting = true;
    const writing = (async () => {
      for (let i = 0; isWriting; i++) {
        const writes = times(50, () => writer.store.write({ op: 'increment', path: 'n', value: 1 }));
        await Promise.all([
          ...writes,
          writer.store.write({
            op: 'set',
            path: `r/${i}`,
            value: { u: `u${i}`, text: randomUUID().repeat(20) },
          }),
        ]);
      }
    })();
    // By itself, and by whom it was asked.
    const log = await openPostgresLog({ url: server.url, store: name });
    try {
      while ((await log.bounds()).first <= 3) {
        await writer.node.snapshot();
      }
      const fresh = await joinNode(name);
      const late = await joinNode(name, {}, await openLmdbStorage({ path: folder, verify: true }));
      for (const { node, store } of [fresh, late]) {
        while (node.state.name !== 'following' || node.state.position < 3) await turnOfTheLoop();
        await store.barrier();
      }
      isWriting = false;
      await writing;
      for (const { store } of [fresh, late]) {
        await store.barrier();
        expect(store.status()).toEqual(writer.store.status());
        expect(store.list({ pattern: '**' })).toEqual(writer.store.list({ pattern: '**' }));
        expect(store.indexes()).toEqual(writer.store.indexes());
        expect(await refusalOf(store.write({ op: 'set', path: 'r/again/u', value: 'u0' }))).toMatchObject({
          kind: 'exists',
          detail: 'duplicate',
        });
      }
      // Or the one that is being taken: when it is there, the third one goes.
      await writer.node.snapshot();
      expect(await log.shelf.list('snapshot/')).toHaveLength(2);
      expect((await log.read((await log.bounds()).first, { maxBytes: 1 }))[0]).toBeDefined();
      expect(await refusalOf(log.read(1, { maxBytes: 1 }))).toMatchObject({ detail: 'log_trimmed' });
    } finally {
      isWriting = false;
      await writing;
      await log.close();
    }
  }, 60_000);

  it('open as data sources when they have taken it', async () => {
    const name = 'acme/opened';
    const writer = await joinNode(name);
    for (let round = 0; round < 2; round++) {
      await writer.store.write({ op: 'set', path: `notes/${round}/text`, value: 'x' });
      await writer.node.snapshot();
    }
    const opened = await openClusterStore({ url: server.url, name, storage: createMemoryStorage() });
    stores.push(opened);
    expect(opened.get('notes/1/text')?.value).toBe('x');
  });

  it('leave nothing of a removed snapshot in the tables, however large it was', async () => {
    const log = await openPostgresLog({ url: server.url, store: 'acme/parts' });
    try {
      const large = async function* (): AsyncIterable<Uint8Array> {
        for (let i = 0; i < 103; i++) yield await Promise.resolve(Buffer.alloc(1_048_576, i));
      };
      await log.shelf.put('snapshot/large', large());
      await log.shelf.remove('snapshot/large');
      expect(await log.shelf.get('snapshot/large')).toBeNull();
      expect(await rowsOf('shelf_part', 'acme/parts')).toBe(0);
      const frame = new Uint8Array(100);
      for (let i = 0; i < 620; i++) await log.append(frame);
      await log.trim(600);
      expect(await log.bounds()).toEqual({ first: 601, last: 620 });
      expect(await rowsOf('frame', 'acme/parts')).toBe(20);
      await log.trim(5_000);
      expect(await log.bounds()).toEqual({ first: 0, last: 620 });
    } finally {
      await log.close();
    }
  }, 60_000);
});
