import 'reflect-metadata';
import { setTimeout as pause } from 'node:timers/promises';
import type { LogEntry, ReplicatedLog } from '../../src/cluster/log/replicated-log.js';
import { DataSource } from '../../src/index.js';
import { isReadable } from '../../src/server/http/is-readable.js';
import { Balancer } from './faults/load/balancer.js';
import { MemoryNodes } from './faults/load/memory-nodes.js';

const ACCESS = { store: 'acme/failing', token: 'the-token-of-failing-nodes' };
/** Milliseconds: short, for nothing is confirmed here. */
const WRITE_TIMEOUT = 100;

/** What the first node reads from the moment on at which it fails. */
type Failure = (entries: readonly LogEntry[]) => readonly LogEntry[] | Promise<never>;

let nodes: MemoryNodes;
let balancer: Balancer;
let source: DataSource;
let failure: Failure | undefined;

const failing = (log: ReplicatedLog, node: number): Partial<ReplicatedLog> => ({
  read: async (...args) => {
    const entries = await log.read(...args);
    return node === 0 && failure !== undefined ? failure(entries) : entries;
  },
});

beforeEach(async () => {
  failure = undefined;
  nodes = await MemoryNodes.open(2, ACCESS, { change: failing, writeTimeout: WRITE_TIMEOUT });
  balancer = await Balancer.open({ nodes: nodes.addresses, first: 0, avoided: new Set(), patience: 5_000 });
  source = await new DataSource({
    url: balancer.url,
    ...ACCESS,
    entities: [],
    mirror: 'all',
    logging: false,
    channel: { backoff: { base: 1, max: 20 } },
  }).initialize();
  // Its session is there, and the node has answered.
  await source.transport.increment('n', 1);
});

afterEach(async () => {
  await source.destroy();
  await balancer.close();
  await nodes.close();
});

it.each<[string, Failure]>([
  ['hears no more of its log: the write may be there', () => []],
  ['halts', (entries) => entries.map((entry) => ({ ...entry, bytes: new TextEncoder().encode('no frame') }))],
])('a write over the channel counts once when its node %s', async (_, fails) => {
  failure = fails;
  await source.transport.increment('n', 1);
  await source.transport.increment('n', 1);
  const other = nodes.stores[1]!;
  await other.barrier();
  expect(other.get('n')?.value).toBe(3);
});

it('a client leaves a node that has halted before it wrote', async () => {
  failure = (entries) => entries.map((entry) => ({ ...entry, bytes: new Uint8Array(1) }));
  await nodes.stores[1]!.write({ op: 'set', path: 'a', value: 1 });
  while (isReadable(nodes.stores[0]!)) await pause(5);
  await source.transport.increment('n', 1);
  expect(nodes.stores[1]!.get('n')?.value).toBe(2);
});
