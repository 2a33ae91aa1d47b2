import { connect } from '@nats-io/transport-node';
import { openNatsLog } from '../../src/cluster/logs/nats/index.js';
import { namesOf } from '../../src/cluster/logs/nats/names.js';
import type { Store } from '../../src/store/index.js';
import { Nodes, times } from './describe-nodes.js';
import { NatsServer } from './nats-server.js';

/** Longer than servers take to agree on a leader. */
const PATIENCE = 120_000;

let servers: readonly NatsServer[];
const url = (): string => `nats://${servers.map(({ host }) => host).join(',')}`;
const nodes = new Nodes((store) => openNatsLog({ url: url(), store }), PATIENCE);

interface StreamState {
  readonly config: { readonly num_replicas: number };
  readonly cluster: { readonly leader?: string };
}

/** What the servers say of the log of a store. */
async function stateOf(store: string): Promise<StreamState> {
  const connection = await connect({ servers: servers.map(({ host }) => host) });
  try {
    const answer = await connection.request(`$JS.API.STREAM.INFO.${namesOf(store).log.stream}`, '', {
      timeout: 10_000,
    });
    const state = answer.json<StreamState>();
    return state;
  } finally {
    await connection.close();
  }
}

async function leaderOf(store: string): Promise<NatsServer> {
  const { cluster } = await stateOf(store);
  const leader = servers.find(({ name }) => name === cluster.leader);
  if (leader === undefined) throw new Error(`the log of ${store} has no leader`);
  return leader;
}

/** Each node adds one so many times, a few at once, one after the other. Resolves when all are counted. */
async function addAll(stores: readonly Store[], count: number): Promise<void> {
  const adding = stores.map(async (store) => {
    for (let i = 0; i < count; i += 5) {
      await Promise.all(times(5, () => store.write({ op: 'increment', path: 'n', value: 1 })));
    }
  });
  await Promise.all(adding);
}

async function countsOf(stores: readonly Store[]): Promise<unknown[]> {
  for (const store of stores) await store.barrier();
  return stores.map((store) => store.get('n')?.value);
}

async function joinThree(store: string): Promise<readonly Store[]> {
  const joined = await Promise.all([nodes.join(store), nodes.join(store), nodes.join(store)]);
  await addAll(joined, 5);
  return joined;
}

beforeAll(async () => {
  servers = await NatsServer.startCluster(3);
}, PATIENCE);

afterEach(() => nodes.close());

afterAll(async () => {
  for (const server of servers) await server.remove();
});

describe('nodes over three NATS servers', () => {
  it(
    'keep three copies of their log',
    async () => {
      await joinThree('acme/copies');
      expect((await stateOf('acme/copies')).config.num_replicas).toBe(3);
    },
    PATIENCE,
  );

  it(
    'count every write once when the leader of their log is killed',
    async () => {
      const joined = await joinThree('acme/killed');
      const leader = await leaderOf('acme/killed');
      const adding = addAll(joined, 200);
      await leader.stop();
      await adding;
      expect(await countsOf(joined)).toEqual([615, 615, 615]);
      await leader.begin();
      await addAll(joined, 20);
      expect(await countsOf(joined)).toEqual([675, 675, 675]);
    },
    PATIENCE,
  );

  it(
    'count every write once when the leader hangs, and goes on when it was replaced',
    async () => {
      const joined = await joinThree('acme/hung');
      const leader = await leaderOf('acme/hung');
      const adding = addAll(joined, 200);
      leader.signal('SIGSTOP');
      await adding.finally(() => {
        leader.signal('SIGCONT');
      });
      await addAll(joined, 200);
      expect(await countsOf(joined)).toEqual([1_215, 1_215, 1_215]);
    },
    PATIENCE,
  );

  it(
    'count every write once when all are killed and begin again',
    async () => {
      const joined = await joinThree('acme/all');
      const adding = addAll(joined, 100);
      await Promise.all(servers.map((server) => server.stop()));
      await Promise.all(servers.map((server) => server.begin()));
      await adding;
      const late = await nodes.join('acme/all');
      expect(await countsOf([...joined, late])).toEqual([315, 315, 315, 315]);
    },
    PATIENCE,
  );
});
