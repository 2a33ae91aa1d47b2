import { inspect } from 'node:util';
import { filter, firstValueFrom } from 'rxjs';
import 'reflect-metadata';
import { ClusterNode } from '../../src/cluster/cluster-node.js';
import { openPostgresLog } from '../../src/cluster/logs/postgres/postgres-log.js';
import { DataSource, DustEntity, Field, Slug, Unique } from '../../src/index.js';
import { silentLogger } from '../../src/logging.js';
import { Store, createMemoryStorage } from '../../src/store/index.js';
import { PostgresServer } from './postgres-server.js';

let server: PostgresServer;
const stores: Store[] = [];

async function join(store = 'acme/app'): Promise<Store> {
  const log = await openPostgresLog({ url: server.url, store });
  const joined = new Store({
    storage: createMemoryStorage(),
    order: (copy) => new ClusterNode(copy, { log, logger: silentLogger }),
  });
  stores.push(joined);
  return joined;
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

describe('nodes over PostgreSQL', () => {
  it('begin at once on an empty database, and count each increment of each node', async () => {
    const nodes = await Promise.all([join(), join(), join()]);
    const writes = nodes.map((node) =>
      times(100, () => node.write({ op: 'increment', path: 'counters/a', value: 1 })),
    );
    await Promise.all(writes.flat());
    for (const node of nodes) await node.barrier();
    expect(nodes.map((node) => node.get('counters/a')?.value)).toEqual([300, 300, 300]);
  });

  it('read what was written before they began', async () => {
    const first = await join('acme/late');
    await first.write({ op: 'set', path: 'a', value: { b: 1 } });
    const late = await join('acme/late');
    await late.barrier();
    expect(late.get('a/b')).toMatchObject({ value: 1, revision: 1 });
    expect(late.status()).toEqual(first.status());
  });

  it('keep the logs of stores apart', async () => {
    const [one, other] = [await join('acme/one'), await join('acme/other')];
    await one.write({ op: 'set', path: 'a', value: 1 });
    await other.barrier();
    expect(other.get('a')).toBeNull();
  });

  it('give each other files, in parts', async () => {
    const [one, other] = [await join(), await join()];
    const content = Buffer.alloc(2_500_000, 'dust');
    const { hash } = await one.putFile({
      path: 'files/a',
      content,
      filename: 'a.txt',
      contentType: 'text/plain',
    });
    await other.barrier();
    const file = await other.file(hash);
    expect(file).toMatchObject({ filename: 'a.txt', contentType: 'text/plain' });
    expect(Buffer.from(file?.content ?? []).equals(content)).toBe(true);
    expect(await other.file('sha256:none')).toBeNull();
  });

  it('go on when the server was killed and began again, and lose nothing', async () => {
    const [one, other] = [await join('acme/killed'), await join('acme/killed')];
    const before = times(50, () => one.write({ op: 'increment', path: 'n', value: 1 }));
    await Promise.all(before);
    const during = times(50, () => one.write({ op: 'increment', path: 'n', value: 1 }));
    await server.stop('SIGKILL');
    await server.begin();
    await Promise.all(during);
    await other.barrier();
    expect(other.get('n')?.value).toBe(100);
  });
});

describe('data sources', () => {
  @DustEntity('notes')
  class Note {
    @Slug() id!: string;
    @Field('string') text?: string | null;
    @Unique() @Field('string') mail?: string | null;
  }

  async function open(store: string): Promise<DataSource> {
    const url = server.url.replace('postgres@', 'postgres:secret@');
    return new DataSource({ store, entities: [Note], logging: false, cluster: { url } }).initialize();
  }

  it('share a store: what one wrote the other reads, and a unique value has one holder', async () => {
    const sources = await Promise.all([open('acme/notes'), open('acme/notes'), open('acme/notes')]);
    try {
      const [one, other] = sources.map((source) => source.getRepository(Note));
      await one!.insert({ id: 'a', text: 'from one', mail: 'a@example.com' });
      const seen = firstValueFrom(
        other!.live({ where: { id: 'a' } }).pipe(filter((notes) => notes.length > 0)),
      );
      expect(await seen).toMatchObject([{ id: 'a', text: 'from one' }]);
      const tries = await Promise.allSettled(
        sources.map((source, i) => source.getRepository(Note).insert({ id: `n${i}`, mail: 'b@example.com' })),
      );
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(tries.filter(({ status }) => status === 'rejected')).toEqual([
        expect.objectContaining({ reason: expect.objectContaining({ kind: 'exists', detail: 'duplicate' }) }),
        expect.objectContaining({ reason: expect.objectContaining({ kind: 'exists', detail: 'duplicate' }) }),
      ]);
    } finally {
      for (const source of sources) await source.destroy();
    }
  });

  it('keep the password of the database to themselves', async () => {
    const source = await open('acme/secret');
    await source.destroy();
    expect(inspect(source.options)).not.toContain('secret@');
    expect(JSON.stringify(source.options)).not.toContain('secret@');
  });
});
