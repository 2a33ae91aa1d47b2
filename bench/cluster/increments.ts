import { join } from 'node:path';
import { ClusterNode } from '../../src/cluster/cluster-node.js';
import type { ReplicatedLog } from '../../src/cluster/index.js';
import { openClusterStore } from '../../src/cluster/index.js';
import { MemoryLog } from '../../src/cluster/logs/memory/memory-log.js';
import { openPostgresLog } from '../../src/cluster/logs/postgres/index.js';
import { silentLogger } from '../../src/logging.js';
import type { StoreStorage } from '../../src/store/index.js';
import { Store, createMemoryStorage } from '../../src/store/index.js';
import { openLmdbStorage } from '../../src/store/lmdb/index.js';
import type { Row } from '../measure.js';
import { durationRow, median, rateRow, ratioRow } from '../measure.js';
import type { Written } from './counters.js';
import { Counters } from './counters.js';
import type { Place } from './place.js';
import { ratioOf, takeTurns } from './turns.js';

const FEW = 64;
const MANY = 1_000;
const ROUNDS = 7;
/** Milliseconds. */
const TURN = 500;

interface Rivals {
  /** In a folder. */
  readonly own: Counters;
  readonly inFolder: Counters;
  readonly inMemory: Counters;
}

/** Increments by one node, beside those by a store that needs nobody, and beside bare appends to the log. */
export async function incrementRows({ url, folder }: Place): Promise<Row[]> {
  const log = await openPostgresLog({ url, store: 'bench/bare' });
  const opened: Counters[] = [];
  const counters = (store: Store): Counters => {
    const made = new Counters(store);
    opened.push(made);
    return made;
  };
  const node = (name: string, storage: StoreStorage): Promise<Store> =>
    openClusterStore({ url, name, storage, logger: silentLogger });
  try {
    const rivals = {
      own: counters(new Store({ storage: await openLmdbStorage({ path: join(folder, 'own') }) })),
      inFolder: counters(await node('bench/folder', await openLmdbStorage({ path: join(folder, 'node') }))),
      inMemory: counters(await node('bench/memory', createMemoryStorage())),
    };
    const rows = [...(await few(rivals, log)), ...(await many(rivals))];
    for (const each of opened) each.assertCounted();
    return rows;
  } finally {
    for (const { store } of opened) await store.close();
    await log.close();
  }
}

async function few({ own, inFolder, inMemory }: Rivals, log: ReplicatedLog): Promise<Row[]> {
  const frame = await frameOf(FEW);
  const [bare, ...written] = await takeTurns<[number, Written, Written, Written]>(ROUNDS, [
    () => append(log, frame),
    () => own.increment(FEW, TURN),
    () => inFolder.increment(FEW, TURN),
    () => inMemory.increment(FEW, TURN),
  ]);
  const waits = written.map((rounds) => rounds.map(({ p50 }) => p50));
  return [
    ...rateRows(FEW, written),
    durationRow(`one bare append of a frame of ${FEW}, p50`, median(bare)),
    durationRow(`one write of ${FEW} writers, copy in a folder, p50`, median(waits[1]!)),
    ratioRow('  ÷ one bare append', ratioOf(waits[1]!, bare), { atMost: 3 }),
    ratioRow('  with the copy in memory', ratioOf(waits[2]!, bare), { atMost: 3 }),
  ];
}

async function many({ own, inFolder, inMemory }: Rivals): Promise<Row[]> {
  const written = await takeTurns<[Written, Written, Written]>(ROUNDS, [
    () => own.increment(MANY, TURN),
    () => inFolder.increment(MANY, TURN),
    () => inMemory.increment(MANY, TURN),
  ]);
  return rateRows(MANY, written);
}

function rateRows(writers: number, written: readonly (readonly Written[])[]): Row[] {
  const [own, inFolder, inMemory] = written.map((rounds) => rounds.map(({ perSecond }) => perSecond));
  const by = `${writers.toLocaleString('en')} writers`;
  return [
    rateRow(`${by}, a store in a folder without a cluster`, median(own!)),
    rateRow(`${by}, a node with its copy in a folder`, median(inFolder!)),
    ratioRow('  ÷ without a cluster', ratioOf(inFolder!, own!), { atLeast: 0.3 }),
    ratioRow('  with the copy in memory', ratioOf(inMemory!, own!), { atLeast: 0.3 }),
  ];
}

/** What a node sends when so many write at once. */
async function frameOf(writers: number): Promise<Uint8Array> {
  const log = new MemoryLog();
  const counters = new Counters(
    new Store({
      storage: createMemoryStorage(),
      order: (copy) => new ClusterNode(copy, { log: log.connect(), logger: silentLogger }),
    }),
  );
  await counters.increment(writers, 20);
  await counters.store.close();
  const sizes = log.read(1, Number.MAX_SAFE_INTEGER).map(({ bytes }) => bytes);
  return sizes.reduce((largest, bytes) => (bytes.length > largest.length ? bytes : largest));
}

/** Nanoseconds for one of the frames that are appended one after the other: the median. */
async function append(log: ReplicatedLog, frame: Uint8Array): Promise<number> {
  const waits: number[] = [];
  const end = performance.now() + TURN;
  for (let now = performance.now(); now < end;) {
    await log.append(frame);
    const told = performance.now();
    waits.push(told - now);
    now = told;
  }
  return median(waits) * 1e6;
}
