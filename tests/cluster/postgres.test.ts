import { inspect } from 'node:util';
import { filter, firstValueFrom } from 'rxjs';
import 'reflect-metadata';
import { openPostgresLog } from '../../src/cluster/logs/postgres/postgres-log.js';
import { DataSource, DustEntity, Field, Slug, Unique } from '../../src/index.js';
import { describeNodes } from './describe-nodes.js';
import { PostgresServer } from './postgres-server.js';

describeNodes('PostgreSQL', async () => {
  const server = await PostgresServer.start();
  return {
    open: (store) => openPostgresLog({ url: server.url, store }),
    killAndBegin: async () => {
      await server.stop('SIGKILL');
      await server.begin();
    },
    remove: () => server.remove(),
  };
});

describe('data sources', () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await PostgresServer.start();
  }, 120_000);

  afterAll(() => server.remove());

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
