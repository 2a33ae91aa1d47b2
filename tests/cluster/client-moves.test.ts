import 'reflect-metadata';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setTimeout as pause } from 'node:timers/promises';
import type { DustConnectionMessage, DustRepairMessage } from '../../src/index.js';
import { CONNECTION_CHANNEL, DataSource, REPAIR_CHANNEL } from '../../src/index.js';
import { randomInts } from '../faults/random-ints.js';
import { Balancer } from './faults/load/balancer.js';
import { Findings } from './faults/load/findings.js';
import { MemoryNodes } from './faults/load/memory-nodes.js';
import { Told } from './faults/load/told.js';

const ACCESS = { store: 'acme/moves', token: 'the-token-of-the-moves' };
const NODES = 3;
const CLIENTS = 10;
const MOVES = 1_000;

interface Client {
  readonly source: DataSource;
  readonly balancer: Balancer;
}

let nodes: MemoryNodes;
const clients: Client[] = [];
const repairs: DustRepairMessage[] = [];
/** From where mirrors went on when they joined. */
const joined: number[] = [];

const noteRepair = (message: unknown): void => void repairs.push(message as DustRepairMessage);
const noteJoin = (message: unknown): void => {
  const { state, storeSeq } = message as DustConnectionMessage;
  if (state === 'joining') joined.push(storeSeq);
};

async function open(first: number): Promise<Client> {
  const balancer = await Balancer.open({
    nodes: nodes.addresses,
    first,
    avoided: new Set(),
    patience: 5_000,
  });
  const source = new DataSource({
    url: balancer.url,
    ...ACCESS,
    entities: [],
    mirror: 'all',
    logging: false,
    channel: { backoff: { base: 1, max: 10 } },
  });
  const client = { source, balancer };
  clients.push(client);
  await source.initialize();
  return client;
}

beforeAll(async () => {
  // Each node reads the log a while later than it could, each time another one: so clients come to nodes that are behind.
  const random = randomInts(3);
  nodes = await MemoryNodes.open(NODES, ACCESS, {
    change: (log) => ({
      read: async (...args) => {
        await pause(random(15));
        return log.read(...args);
      },
    }),
  });
  subscribe(REPAIR_CHANNEL, noteRepair);
  subscribe(CONNECTION_CHANNEL, noteJoin);
});

afterAll(async () => {
  unsubscribe(REPAIR_CHANNEL, noteRepair);
  unsubscribe(CONNECTION_CHANNEL, noteJoin);
  for (const { source, balancer } of clients) {
    await source.destroy();
    await balancer.close();
  }
  await nodes.close();
});

it('a thousand moves of clients among nodes: no mirror begins anew, no event is missing or told twice', async () => {
  const findings = new Findings();
  const told = new Told(findings);
  // What is there before anybody comes.
  await nodes.stores[0]!.write({ op: 'set', path: 'before', value: 1 });
  for (let i = 0; i < CLIENTS; i++) await open(i % NODES);
  const subscriptions = clients.map(({ source }, i) =>
    source.transport.watch('**').subscribe((commit) => told.hear(`client ${i}`, commit)),
  );
  joined.length = 0;
  await Promise.all(
    clients.map(async ({ source, balancer }, i) => {
      for (let move = 0; move < MOVES / CLIENTS; move++) {
        balancer.move();
        // Acknowledged when the client has come to a node and has heard of all up to it.
        await source.transport.increment(`moves/${i % 4}`, 1);
      }
    }),
  );
  const [store] = nodes.stores;
  await store!.barrier();
  const { storeSeq } = store!.status();
  // Everybody hears of what others wrote, too.
  for (const { source } of clients) await source.transport.increment('last', 1);
  subscriptions.forEach((subscription) => subscription.unsubscribe());

  expect(findings.violations).toEqual([]);
  expect(told.hasReached(storeSeq)).toBe(true);
  expect(told.ends).toHaveLength(CLIENTS);
  const counts = [0, 1, 2, 3].map((i) => Number(store!.get(`moves/${i}`)?.value));
  expect(counts.reduce((sum, count) => sum + count)).toBe(MOVES);
  expect(joined.length).toBeGreaterThanOrEqual(MOVES);
  expect(joined.filter((seq) => seq === 0)).toEqual([]);
  expect(repairs.filter(({ kind }) => kind !== 'gap_found' && kind !== 'gap_filled')).toEqual([]);
}, 240_000);
