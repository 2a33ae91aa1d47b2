import { connect } from '@nats-io/transport-node';
import { ClusterNode } from '../../src/cluster/cluster-node.js';
import { openClusterStore } from '../../src/cluster/index.js';
import { openNatsLog } from '../../src/cluster/logs/nats/index.js';
import { namesOf, wordOf } from '../../src/cluster/logs/nats/names.js';
import { silentLogger } from '../../src/logging.js';
import { Store, createMemoryStorage } from '../../src/store/index.js';
import { refusalOf } from '../unit/store/open-store.js';
import { NatsServer } from './nats-server.js';

let server: NatsServer;
const stores: Store[] = [];

async function join(name: string): Promise<{ readonly store: Store; readonly node: ClusterNode }> {
  const log = await openNatsLog({ url: server.url, store: name });
  let node: ClusterNode | undefined;
  const store = new Store({
    storage: createMemoryStorage(),
    order: (copy) => (node = new ClusterNode(copy, { log, logger: silentLogger })),
  });
  stores.push(store);
  return { store, node: node! };
}

/** The parts of a content are gone, and its label is not. */
async function loseParts(store: string, content: string): Promise<void> {
  const { stream, subjects } = namesOf(store).shelf;
  const connection = await connect({ servers: server.host });
  const filter = `${subjects}.part.${wordOf(content)}.>`;
  await connection.request(`$JS.API.STREAM.PURGE.${stream}`, JSON.stringify({ filter }), { timeout: 10_000 });
  await connection.close();
}

beforeAll(async () => {
  server = await NatsServer.start();
}, 120_000);

afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});

afterAll(() => server.remove());

it.each(['whole', 'damaged'])(
  'an empty node over NATS takes a snapshot where the newest is %s',
  async (how) => {
    const name = `acme/${how}`;
    const writer = await join(name);
    for (let round = 0; round < 3; round++) {
      await writer.store.write({ op: 'set', path: `notes/${round}`, value: { text: 'x'.repeat(300_000) } });
      await writer.node.snapshot();
    }
    const log = await openNatsLog({ url: server.url, store: name });
    const kept = await log.shelf.list('snapshot/');
    expect(kept).toHaveLength(2);
    expect(await refusalOf(log.read(1, { maxBytes: 1 }))).toMatchObject({ detail: 'log_trimmed' });
    await log.close();
    const [, newest] = kept.map((item) => item.name).sort();
    if (how === 'damaged') await loseParts(name, newest!);
    const late = await openClusterStore({
      url: server.url,
      name,
      storage: createMemoryStorage(),
      logger: silentLogger,
    });
    stores.push(late);
    expect(late.list({ pattern: '**' })).toEqual(writer.store.list({ pattern: '**' }));
  },
);
