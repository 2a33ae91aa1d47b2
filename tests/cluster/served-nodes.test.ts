import 'reflect-metadata';
import type { RunningServer } from '../../src/server/index.js';
import { serve } from '../../src/server/index.js';
import type { CommittedOperation } from '../../src/index.js';
import { CounterField, DataSource, DustEntity, Slug } from '../../src/index.js';
import { silentLogger } from '../../src/logging.js';
import { TcpProxy } from '../faults/tcp-proxy.js';
import { PostgresServer } from './postgres-server.js';

@DustEntity('pages')
class Page {
  @Slug() id!: string;
  @CounterField() views!: number;
}

const STORE = 'acme/served';
const TOKEN = 'the-token-of-these-tests';

let database: PostgresServer;
const nodes: RunningServer[] = [];

async function node(): Promise<number> {
  const server = await serve({
    port: 0,
    stores: [STORE],
    tokens: [{ token: TOKEN }],
    cluster: { url: database.url },
    logger: silentLogger,
  });
  nodes.push(server);
  return Number(new URL(server.url).port);
}

beforeAll(async () => {
  database = await PostgresServer.start();
}, 120_000);

afterAll(async () => {
  for (const server of nodes) await server.close();
  await database.remove();
});

describe('servers that are nodes of a cluster', () => {
  it('take over a client of each other: it hears each change once, in order, and goes on from where it was', async () => {
    const [one, other] = [await node(), await node()];
    // A balancer that sends each new connection to the next node.
    const balancer = await TcpProxy.open(one, other);
    const url = `http://127.0.0.1:${balancer.port}`;
    const source = await new DataSource({
      store: STORE,
      entities: [Page],
      url,
      token: TOKEN,
      logging: false,
      channel: { backoff: { base: 1, max: 20 } },
    }).initialize();
    const pages = source.getRepository(Page);
    const heard: CommittedOperation[] = [];
    const subscription = pages.rawEvents().subscribe((operation) => heard.push(operation));
    try {
      await pages.insert({ id: 'a', views: 0 });
      for (let round = 0; round < 10; round++) {
        await Promise.all(Array.from({ length: 10 }, () => pages.increment('a', 'views', 1)));
        balancer.cut();
      }
      expect((await pages.findOneByOrFail({ id: 'a' })).views).toBe(100);
      // What the client's sessions wrote lies elsewhere.
      expect(heard.filter(({ op }) => op === 'increment').map(({ value }) => value)).toEqual(
        Array.from({ length: 100 }, (_, i) => i + 1),
      );
      const seqs = heard.map(({ storeSeq }) => storeSeq);
      expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
    } finally {
      subscription.unsubscribe();
      await source.destroy();
      await balancer.close();
    }
  });

  it('are ready while they read the log, and say so', async () => {
    const port = await node();
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    expect(answer.status).toBe(200);
  });
});
