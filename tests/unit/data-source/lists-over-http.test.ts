import type { DataSourceOptions } from '../../../src/index.js';
import { DataSource, DustEntity, Field, HttpTransport, In, silentLogger, Slug } from '../../../src/index.js';
import type { HttpClient, HttpRequest } from '../../../src/transport/http/client/http-client.js';
import { createHttpClient } from '../../../src/transport/http/index.js';
import type { RunningServer } from '../../../src/server/index.js';
import { serve } from '../../../src/server/index.js';

@DustEntity('notes')
class Note {
  @Slug() id!: string;
  @Field('string') text!: string;
  @Field('json') more?: unknown;
}

@DustEntity({ prefix: 'sheets', mode: 'map' })
class Sheet {
  @Slug() id!: string;
  @Field('string') text!: string;
}

const ids = Array.from({ length: 1200 }, (_, i) => `i${i}`);
const READS = /entries\?|^(GET|HEAD) |entries\/batch$/;

let server: RunningServer;
let dataSource: DataSource;
let sent: string[] = [];

/** Sends what it is given, and notes it. */
class CountingClient implements HttpClient {
  readonly #inner: HttpClient;

  constructor(inner: HttpClient) {
    this.#inner = inner;
  }

  send(request: HttpRequest) {
    sent.push(`${request.method} ${request.target}`);
    return this.#inner.send(request);
  }

  close(): void {
    this.#inner.close();
  }
}

const reads = (): number => sent.filter((each) => READS.test(each)).length;

beforeEach(async () => {
  server = await serve({ port: 0, stores: ['a/b'], imitate: '0.1', rateLimits: false });
  const options = { url: server.url, token: server.token, store: 'a/b' };
  const transport: DataSourceOptions['transport'] = () =>
    new HttpTransport(options, new CountingClient(createHttpClient(options)));
  dataSource = new DataSource({ entities: [Note, Sheet], transport, logger: silentLogger });
  await dataSource.initialize();
  await dataSource.manager.insertMany(
    Note,
    ids.map((id) => ({ id, text: `t${id}`, more: id === 'i7' ? [1] : undefined })),
  );
  sent = [];
});
afterEach(async () => {
  await dataSource.destroy();
  await server.close();
});

describe('a list of 1,200 keys over HTTP', () => {
  it('is found by In, and by getMany in its order, in at most 5 requests', async () => {
    const notes = dataSource.getRepository(Note);
    const found = await notes.findBy({ id: In(ids) });
    expect(found).toHaveLength(1200);
    expect(found.find(({ id }) => id === 'i7')).toMatchObject({ text: 'ti7', more: [1] });
    expect(reads()).toBeLessThanOrEqual(5);
    sent = [];
    const wanted = [...ids].reverse();
    expect((await notes.getMany([...wanted, 'none', 'i3'])).map(({ id }) => id)).toEqual([...wanted, 'i3']);
    expect(reads()).toBeLessThanOrEqual(5);
  });

  it('is updated and deleted with at most 5 reads', async () => {
    const notes = dataSource.getRepository(Note);
    expect(await notes.update([...ids, 'none'], { text: 'new' })).toMatchObject({ affected: 1200 });
    expect(reads()).toBeLessThanOrEqual(5);
    expect(await notes.countBy({ text: 'new' })).toBe(1200);
    sent = [];
    expect(await notes.delete([...ids, 'none'])).toMatchObject({ affected: 1200 });
    expect(reads()).toBeLessThanOrEqual(5);
    expect(await notes.count()).toBe(0);
  });

  it('is whole also where leaves are that the class does not know', async () => {
    const { transport } = dataSource;
    await transport.set('notes/i3/unknown', { deep: { er: 1 }, list: [1] });
    const { storeSeq } = await transport.set('notes/i4/text', 'changed');
    sent = [];
    const found = await dataSource.getRepository(Note).getMany(ids.slice(0, 600));
    expect(found).toHaveLength(600);
    expect(found[4]).toMatchObject({ id: 'i4', text: 'changed' });
    expect(dataSource.getRepository(Note).revisionOf(found[4]!)).toBe(storeSeq);
    expect(dataSource.getRepository(Note).revisionOf(found[3]!)).toBe(storeSeq - 1);
    expect(reads()).toBeLessThanOrEqual(5);
  });

  it('of records in map mode is read as cheaply, before each is changed by itself', async () => {
    const sheets = dataSource.getRepository(Sheet);
    const few = ids.slice(0, 60);
    await sheets.insertMany(few.map((id) => ({ id, text: id })));
    sent = [];
    expect(await sheets.update([...few, 'none'], { text: 'new' })).toMatchObject({ affected: 60 });
    expect(reads()).toBeLessThanOrEqual(5);
    expect(await sheets.countBy({ text: 'new' })).toBe(60);
  });
});
