import 'reflect-metadata';
import { inspect } from 'node:util';
import { ClusterNode } from '../../src/cluster/cluster-node.js';
import { openClusterStore } from '../../src/cluster/index.js';
import { openNatsLog } from '../../src/cluster/logs/nats/index.js';
import { CounterField, DataSource, DustEntity, Slug } from '../../src/index.js';
import { silentLogger } from '../../src/logging.js';
import { Store, createMemoryStorage } from '../../src/store/index.js';
import { refusalOf } from '../unit/store/open-store.js';
import { describeNodes } from './describe-nodes.js';
import { NatsServer } from './nats-server.js';

describeNodes('NATS', async () => {
  const server = await NatsServer.start();
  return {
    open: (store) => openNatsLog({ url: server.url, store }),
    killAndBegin: async () => {
      await server.stop();
      await server.begin();
    },
    remove: () => server.remove(),
  };
});

@DustEntity('pages')
class Page {
  @Slug() id!: string;
  @CounterField() views!: number;
}

describe('NATS that asks who comes', () => {
  let server: NatsServer;

  beforeAll(async () => {
    server = await NatsServer.start('authorization { user: node, password: "s3cr3t:@" }');
  }, 120_000);

  afterAll(() => server.remove());

  it('lets in who knows the password, as data sources that share a store', async () => {
    const url = `nats://node:s3cr3t%3A%40@${server.host}`;
    const sources = await Promise.all(
      [1, 2].map(() =>
        new DataSource({
          store: 'acme/app',
          entities: [Page],
          logging: false,
          cluster: { url },
        }).initialize(),
      ),
    );
    try {
      const [one, other] = sources.map((source) => source.getRepository(Page));
      await one!.insert({ id: 'a', views: 0 });
      // Acknowledged there; here a moment later.
      await other!.findOneOrFail({ where: { id: 'a' }, consistency: 'linearizable' });
      await Promise.all([one!, other!].map((pages) => pages.increment('a', 'views', 1)));
      await other!.increment('a', 'views', 1);
      expect(await other!.findOneByOrFail({ id: 'a' })).toMatchObject({ views: 3 });
    } finally {
      for (const source of sources) await source.destroy();
    }
  });

  it.each(['nats://node:wrong-secret@', 'nats://wrong-secret@', 'nats://'])(
    'does not let in %s, and repeats nothing of it',
    async (front) => {
      const log = await openNatsLog({ url: `${front}${server.host}`, store: 'acme/app' });
      const failure = await refusalOf(log.bounds());
      expect(failure).toMatchObject({
        kind: 'network',
        detail: 'refused',
        cause: { kind: 'unauthorized', detail: 'login_refused', retryable: false },
      });
      expect(failure.message).toMatch(/Authorization/i);
      expect(failure.message).toContain(server.host);
      expect(inspect(failure, { depth: 9 })).not.toContain('wrong-secret');
      await log.close();
    },
  );

  it('without TLS is no server of tls://', async () => {
    const log = await openNatsLog({ url: `tls://node:s3cr3t%3A%40@${server.host}`, store: 'acme/app' });
    expect(await refusalOf(log.bounds())).toMatchObject({
      detail: 'refused',
      cause: { detail: 'tls_refused' },
    });
    await log.close();
  });

  it('ends a node that begins at once', async () => {
    const opening = openClusterStore({
      url: `nats://node:wrong-secret@${server.host}`,
      name: 'acme/app',
      storage: createMemoryStorage(),
      writeTimeout: 3_600_000,
      logger: silentLogger,
    });
    expect(await refusalOf(opening)).toMatchObject({ kind: 'unauthorized', detail: 'login_refused' });
  });

  it('says which subjects a user lacks', async () => {
    const few = await NatsServer.start(
      'authorization { users: [{ user: few, password: few, permissions: { publish: "nothing", subscribe: ">" } }] }',
    );
    const log = await openNatsLog({ url: `nats://few:few@${few.host}`, store: 'acme/app' });
    const failure = await refusalOf(log.bounds());
    expect(failure).toMatchObject({
      detail: 'refused',
      cause: { kind: 'forbidden', detail: 'rights_missing' },
    });
    await log.close();
    await few.remove();
  });
});

describe('a write that is larger than a message of NATS', () => {
  let server: NatsServer;

  beforeAll(async () => {
    server = await NatsServer.start();
  }, 120_000);

  afterAll(() => server.remove());

  it('is refused at once, and the next ones are made', async () => {
    const log = await openNatsLog({ url: server.url, store: 'acme/app' });
    const store = new Store({
      storage: createMemoryStorage(),
      order: (copy) => new ClusterNode(copy, { log, logger: silentLogger }),
    });
    try {
      const large = { op: 'set', path: 'a', value: 'x'.repeat(1_048_576) } as const;
      const failure = await refusalOf(store.write(large));
      expect(failure).toMatchObject({ kind: 'invalid_params', detail: 'write_too_large' });
      await store.write({ op: 'set', path: 'a', value: 'x'.repeat(1_000_000) });
      expect(store.get('a')).toMatchObject({ revision: 1 });
    } finally {
      await store.close();
    }
  });
});
