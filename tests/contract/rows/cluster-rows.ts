import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../src/clock.js';
import { silentLogger } from '../../../src/logging.js';
import { DustServer } from '../../../src/server/index.js';
import { HttpTransport } from '../../../src/transport/http/index.js';
import { TcpProxy } from '../../faults/tcp-proxy.js';
import { ChannelClients } from './channel-clients.js';
import { OWN_CHANNEL_CAPABILITIES } from './channel-rows.js';
import type { Connect } from './cluster-nodes.js';
import { ClusterNodes, memoryLog, postgresLog } from './cluster-nodes.js';
import { EMBEDDED_CAPABILITIES } from './embedded-rows.js';
import { HTTP_FEATURES } from './http-rows.js';
import type { RemoteRow, StoreUnderTest, TransportRow } from './row.js';

/** Its log goes by the time of a server. */
const OVER_POSTGRES: RemoteRow = { root: 'contract', timeout: 30_000, lacks: new Set(['clock']) };

/** Two nodes in this process: every other client is in the process of the other one. */
export const NODES_IN_MEMORY: TransportRow = {
  name: 'nodes of a cluster',
  capabilities: EMBEDDED_CAPABILITIES,
  open: (clock) => inProcess(memoryLog(clock)),
};

/** What npm run test:cluster runs beside: a log in PostgreSQL, and three served nodes behind a balancer. */
export const CLUSTER_ROWS: readonly TransportRow[] = [
  {
    name: 'nodes over PostgreSQL',
    capabilities: EMBEDDED_CAPABILITIES,
    remote: OVER_POSTGRES,
    open: () => inProcess(postgresLog()),
  },
  {
    name: 'HTTP to three nodes',
    capabilities: HTTP_FEATURES,
    open: (clock) => served(clock, ({ destination, nodes }) => overHttp(destination, nodes)),
  },
  {
    name: 'channel to three nodes',
    capabilities: OWN_CHANNEL_CAPABILITIES,
    open: (clock) => served(clock, ({ destination, nodes }) => overChannel(destination, nodes)),
  },
];

const STORE = 'contract/suite';

async function inProcess(connect: Connect): Promise<StoreUnderTest> {
  const nodes = await ClusterNodes.open(2, connect);
  return {
    transport: ({ deviceId }) => nodes.embedded(deviceId),
    insider: ({ deviceId }) => nodes.embedded(deviceId),
    state: nodes.state,
    dispose: () => nodes.close(),
  };
}

interface Served {
  readonly nodes: ClusterNodes;
  /** Of a balancer, which sends each new connection to the next node. */
  readonly destination: { readonly url: string; readonly store: string; readonly token: string };
}

async function served(clock: Clock, clientsOf: (served: Served) => StoreUnderTest): Promise<StoreUnderTest> {
  const nodes = await ClusterNodes.open(3, memoryLog(clock));
  const token = `dust_tok_${randomUUID()}`;
  const servers = nodes.stores.map(
    (store) =>
      new DustServer({
        stores: { [STORE]: store },
        tokens: [{ token }],
        rateLimits: false,
        clock,
        logger: silentLogger,
      }),
  );
  const urls = await Promise.all(servers.map((server) => server.listen({ port: 0 })));
  const [first = 0, ...others] = urls.map(({ url }) => Number(new URL(url).port));
  const balancer = await TcpProxy.open(first, ...others);
  const destination = { url: `http://127.0.0.1:${balancer.port}`, store: STORE, token };
  const clients = clientsOf({ nodes, destination });
  return {
    ...clients,
    dispose: async () => {
      await clients.dispose();
      await balancer.close();
      await Promise.all(servers.map((server) => server.close()));
      await nodes.close();
    },
  };
}

function overHttp(destination: Served['destination'], nodes: ClusterNodes): StoreUnderTest {
  return {
    transport: ({ deviceId, logger }) =>
      nodes.announcing(new HttpTransport({ ...destination, deviceId, logger })),
    insider: ({ deviceId }) => nodes.embedded(deviceId),
    state: nodes.state,
    dispose: () => Promise.resolve(),
  };
}

function overChannel(destination: Served['destination'], nodes: ClusterNodes): StoreUnderTest {
  const clients = new ChannelClients({ ...destination, limits: { gapTimeout: 20 }, patience: 5000 });
  return {
    transport: (options) => nodes.announcing(clients.transport(options)),
    insider: ({ deviceId }) => clients.announcing(nodes.embedded(deviceId)),
    state: nodes.state,
    dispose: () => clients.close(),
  };
}
