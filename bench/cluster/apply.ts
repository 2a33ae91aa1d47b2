import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuUsage } from 'node:process';
import { ClusterNode } from '../../src/cluster/cluster-node.js';
import { MemoryLog } from '../../src/cluster/logs/memory/memory-log.js';
import { silentLogger } from '../../src/logging.js';
import type { StoreStorage, WriteRequest } from '../../src/store/index.js';
import { Store, createMemoryStorage } from '../../src/store/index.js';
import { openLmdbStorage } from '../../src/store/lmdb/index.js';
import type { Group, Row } from '../measure.js';
import { durationRow, median, ratioRow } from '../measure.js';
import { ratioOf, takeTurns } from './turns.js';

const OPERATIONS = 20_000;
/** As many as a frame holds at most, and as many as write to the store at once. */
const AT_ONCE = 1_000;
const ROUNDS = 5;

/** What a node does with an operation of the log, beside what a store does with one that it was asked for itself. */
export const applying: Group = {
  name: 'cluster: processor time of an operation that a node applies, beside that of a write to a store',
  onlyByName: true,
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'dust-orm-bench-'));
    let next = 0;
    const inFolder = (): Promise<StoreStorage> => openLmdbStorage({ path: join(folder, `copy-${next++}`) });
    const inMemory = (): Promise<StoreStorage> => Promise.resolve(createMemoryStorage());
    try {
      return [
        ...(await rows('increments in memory', inMemory, increments)),
        ...(await rows('increments in a folder', inFolder, increments)),
        ...(await rows('records in memory', inMemory, records)),
        ...(await rows('records in a folder', inFolder, records)),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

type Open = () => Promise<StoreStorage>;
type Operation = (n: number) => WriteRequest;

const increments: Operation = (n) => ({ op: 'increment', path: `counters/${n % 100}`, value: 1 });
const records: Operation = (n) => ({
  op: 'set',
  path: `app/posts/${String(n).padStart(7, '0')}`,
  value: {
    title: `Post ${n}`,
    author: `author-${n % 1_000}`,
    rank: n % 97,
    isRead: n % 2 === 0,
    note: 'dust',
  },
});

async function rows(work: string, open: Open, operation: Operation): Promise<Row[]> {
  const log = await logOf(operation);
  const own = async (): Promise<number> => {
    const store = new Store({ storage: await open() });
    const time = await processorTime(() => write(store, operation));
    await store.close();
    return time;
  };
  const applied = async (): Promise<number> => {
    const storage = await open();
    let store: Store | undefined;
    // A barrier is behind all that there is.
    const time = await processorTime(() => (store = nodeOf(log, storage)).barrier());
    if (store?.status().storeSeq !== OPERATIONS) throw new Error('a node applied something else');
    await store.close();
    return time;
  };
  const through = async (): Promise<number> => {
    const store = nodeOf(new MemoryLog(), await open());
    const time = await processorTime(() => write(store, operation));
    await store.close();
    return time;
  };
  const [ofStore, ofNode, ofBoth] = await takeTurns<[number, number, number]>(ROUNDS, [
    own,
    applied,
    through,
  ]);
  return [
    durationRow(`${work}: written to a store`, median(ofStore)),
    durationRow(`${work}: applied by a node`, median(ofNode)),
    ratioRow(`${work}: applied ÷ written`, ratioOf(ofNode, ofStore), { atMost: 1.4 }),
    ratioRow(`${work}: proposed and applied ÷ written`, ratioOf(ofBoth, ofStore)),
  ];
}

/** What a node makes of writes that come a frame at a time. */
async function logOf(operation: Operation): Promise<MemoryLog> {
  const log = new MemoryLog();
  const store = nodeOf(log, createMemoryStorage());
  await write(store, operation);
  await store.close();
  return log;
}

function nodeOf(log: MemoryLog, storage: StoreStorage): Store {
  return new Store({
    storage,
    order: (copy) => new ClusterNode(copy, { log: log.connect(), logger: silentLogger }),
  });
}

async function write(store: Store, operation: Operation): Promise<void> {
  for (let from = 0; from < OPERATIONS; from += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => store.write(operation(from + i))));
  }
}

/** Of all threads, in nanoseconds for one operation. */
async function processorTime(work: () => Promise<void>): Promise<number> {
  globalThis.gc?.();
  const before = cpuUsage();
  await work();
  const { user, system } = cpuUsage(before);
  return ((user + system) * 1_000) / OPERATIONS;
}
