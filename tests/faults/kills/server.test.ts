import { randomUUID } from 'node:crypto';
import type { Observable } from 'rxjs';
import { filter, firstValueFrom } from 'rxjs';
import type { CommittedOperation, EntityEvent, TransportStatus } from '../../../src/index.js';
import { DataSource } from '../../../src/index.js';
import { silentLogger } from '../../../src/logging.js';
import { EngineRegistry, createChannelTransport } from '../../../src/transport/channel/index.js';
import type { Transport } from '../../../src/transport/transport.js';
import { useDataFolder } from '../../unit/store/lmdb/data-folder.js';
import { useCompiledPackage } from '../compiled-sources.js';
import { Page, PageWriters } from '../processes/page-writers.js';
import { randomInts } from '../random-ints.js';
import { ServedProcess } from '../served-process.js';

const KILLS = 5;
const STORE = 'acme/killed';
const TOKEN = `dust_tok_${randomUUID()}`;

const compiled = useCompiledPackage();
const data = useDataFolder();
const engines = new EngineRegistry();

/** A data source on the channel that is quick to come back. */
async function overChannel(url: string, deviceId: string): Promise<DataSource> {
  const random = randomInts(deviceId.length);
  const limits = { gapTimeout: 50, backoff: { base: 20, max: 100 } };
  const transport = (): Transport =>
    createChannelTransport(
      {
        ...{ url, store: STORE, token: TOKEN, deviceId, prefixes: ['pages'], limits, logger: silentLogger },
        random: () => random(1000) / 1000,
      },
      engines,
    );
  return new DataSource({ store: STORE, entities: [Page], transport }).initialize();
}

const overHttp = (url: string): Promise<DataSource> =>
  new DataSource({ url, store: STORE, token: TOKEN, realtime: false, entities: [Page] }).initialize();

const reached = (status$: Observable<TransportStatus>, seq: number): Promise<unknown> =>
  firstValueFrom(status$.pipe(filter(({ state, storeSeq }) => state === 'live' && storeSeq >= seq)));

/** Every leaf below the pages, as the transport lists them. */
async function leavesOf({ transport }: DataSource): Promise<unknown[]> {
  const leaves: unknown[] = [];
  let after: string | undefined;
  do {
    const page = await transport.list({ pattern: 'pages/**', after });
    leaves.push(...page.items);
    after = page.nextCursor ?? undefined;
  } while (after !== undefined);
  return leaves;
}

/** What somebody knows who has only ever heard of changes. */
class Subscriber {
  readonly operations: CommittedOperation[] = [];
  readonly pages = new Map<string, Page>();

  constructor(dataSource: DataSource) {
    const pages = dataSource.getRepository(Page);
    pages.rawEvents().subscribe((operation) => this.operations.push(operation));
    pages.events().subscribe((event) => this.#take(event));
  }

  #take(event: EntityEvent<Page>): void {
    if (event.type === 'upserted') this.pages.set(event.slug, event.entity);
    else this.pages.delete(event.slug);
  }
}

const bySlug = (pages: Iterable<Page>) => [...pages].sort((a, b) => (a.slug < b.slug ? -1 : 1));

describe('a server that is killed in the middle of writes, and started again', () => {
  it(`has every acknowledged write after ${KILLS} kills, and its clients are in step`, async () => {
    const random = randomInts(20_261_121);
    const options = { data: data.path, store: STORE, token: TOKEN };
    let server = await ServedProcess.start(compiled.folder, { ...options, port: 0 });
    const { url, port } = server;
    const [writer, observer] = [await overChannel(url, 'writer'), await overChannel(url, 'the observer')];
    try {
      const subscriber = new Subscriber(observer);
      const writers = new PageWriters(writer);
      await writers.start();
      for (let kill = 1; kill <= KILLS; kill++) {
        await writers.more(1 + random(300));
        await server.kill();
        server = await ServedProcess.start(compiled.folder, { ...options, port });
      }
      await writers.more(100);
      await writers.stop();
      const { storeSeq } = await writer.getRepository(Page).insert({ slug: 'last', title: 'quiet' });
      await reached(observer.status$, storeSeq ?? NaN);

      const plain = await overHttp(url);
      const stored = await plain.getRepository(Page).find();
      const leaves = await leavesOf(plain);
      await plain.destroy();
      expect(writers.faults(stored)).toEqual([]);
      expect(await leavesOf(writer)).toEqual(leaves);
      expect(await leavesOf(observer)).toEqual(leaves);

      const seqs = subscriber.operations.map((operation) => operation.storeSeq);
      expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
      expect(bySlug(subscriber.pages.values())).toEqual(bySlug(stored));
      expect(writers.count('acknowledged')).toBeGreaterThan(KILLS * 100);
    } finally {
      await Promise.all([writer.destroy(), observer.destroy()]);
      await server.kill();
    }
    expect(engines.size).toBe(0);
  }, 60_000);
});
