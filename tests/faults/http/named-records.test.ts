import type { Repository } from '../../../src/index.js';
import { DataSource, DustEntity, Field, In, Slug } from '../../../src/index.js';
import { silentLogger } from '../../../src/logging.js';
import { DustServer, openStore } from '../../../src/server/index.js';
import type { Store } from '../../../src/server/index.js';
import { HttpTransport } from '../../../src/transport/http/index.js';
import { CountingProxy } from '../counting-proxy.js';

const STORE = 'acme/named';
const TOKEN = 'dust_tok_of_the_named_records';
const NAMED = 1200;
/** The requests that a list may take beside the writes themselves. */
const AT_MOST = 5;

@DustEntity('notes')
class Note {
  @Slug() id!: string;
  @Field({ required: true }) text!: string;
  @Field() by?: string;
}

const note = (id: string) => ({ id, text: `text of ${id}` });

describe.each([undefined, '0.1'] as const)('a list of 1,200 slugs over HTTP, imitating %s', (imitate) => {
  let store: Store;
  let server: DustServer;
  let proxy: CountingProxy;
  let dust: DataSource;
  let notes: Repository<Note>;

  beforeEach(async () => {
    store = await openStore({});
    server = new DustServer({
      stores: { [STORE]: store },
      tokens: [{ token: TOKEN }],
      rateLimits: {},
      ...(imitate && { imitate }),
      logger: silentLogger,
    });
    proxy = await CountingProxy.open((await server.listen({ port: 0 })).url);
    const transport = new HttpTransport({ url: proxy.url, store: STORE, token: TOKEN, logger: silentLogger });
    dust = await new DataSource({ store: STORE, entities: [Note], transport }).initialize();
    notes = dust.getRepository(Note);
  });

  afterEach(async () => {
    await dust.destroy();
    await proxy.close();
    await server.close();
    await store.close();
  });

  /** The requests that `work` takes, but for those that commit. */
  const readsOf = async (work: () => Promise<unknown>): Promise<number> => {
    const before = proxy.requests.length;
    await work();
    return proxy.requests.slice(before).filter(({ target }) => !target.includes('batch_write')).length;
  };

  it.each([
    ['nothing but them in the class', 0],
    ['sixteen others beside each', 16],
  ])('takes few requests with %s', async (_name, others) => {
    const ids = Array.from({ length: NAMED }, (_, n) => `n${n}`);
    // A server of version 0.1 would have to be asked for each of them.
    const absent = imitate === '0.1' ? [] : Array.from({ length: 300 }, (_, n) => `m${n}`);
    const all = ids.flatMap((id) => [id, ...Array.from({ length: others }, (_, n) => `${id}-other${n}`)]);
    for (let start = 0; start < all.length; start += 500) {
      const operations = all
        .slice(start, start + 500)
        .map((id) => ({ op: 'set', path: `notes/${id}`, value: { text: note(id).text } }) as const);
      await store.writeBatch({ operations });
    }
    await notes.find({ take: 1 });
    const found: Note[][] = [];
    const reads = {
      in: await readsOf(async () => found.push(await notes.findBy({ id: In(ids) }))),
      getMany: await readsOf(async () => found.push(await notes.getMany(ids))),
      update: await readsOf(() => notes.update(ids, { by: 'me' })),
      delete: await readsOf(async () => {
        const { affected } = await notes.delete([...ids, ...absent]);
        expect(affected).toBe(NAMED);
      }),
    };
    for (const each of found) expect(each.map(({ id }) => id).sort()).toEqual(ids.toSorted());
    // A server of version 0.1 tells whether records that lie far apart are there, but not all that they hold.
    const pages = Math.ceil(all.length / 1000);
    const whole = imitate === '0.1' && others > 0 ? 2 * pages : AT_MOST;
    expect(reads.in).toBeLessThanOrEqual(whole);
    expect(reads.getMany).toBeLessThanOrEqual(whole);
    expect(reads.update).toBeLessThanOrEqual(AT_MOST);
    expect(reads.delete).toBeLessThanOrEqual(AT_MOST);
    expect(await notes.count()).toBe(NAMED * others);
  });
});
