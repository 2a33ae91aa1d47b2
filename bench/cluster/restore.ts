import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { ClusterNode } from '../../src/cluster/cluster-node.js';
import { MemoryLog } from '../../src/cluster/logs/memory/memory-log.js';
import { silentLogger } from '../../src/logging.js';
import type { BatchOperation, StoreStorage } from '../../src/store/index.js';
import { Store, createMemoryStorage } from '../../src/store/index.js';
import { openLmdbStorage } from '../../src/store/lmdb/index.js';
import type { Group, Row } from '../measure.js';
import { durationRow, figureRow, ratioRow } from '../measure.js';

const RECORDS = 200_000;
const LEAVES = 5;
const BATCH = 1_000;

interface Node {
  readonly store: Store;
  readonly node: ClusterNode;
}

/** What a snapshot of a million leaves costs, and a node that takes it, beside loading them. */
export const restoring: Group = {
  name: `a snapshot of ${(RECORDS * LEAVES).toLocaleString('en')} leaves, and a node that begins with it`,
  onlyByName: true,
  async run() {
    const folder = mkdtempSync(join(tmpdir(), 'dust-orm-bench-'));
    try {
      return await rows(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function rows(folder: string): Promise<Row[]> {
  const plain = new Store({ storage: await openLmdbStorage({ path: join(folder, 'plain') }) });
  const loading = await timed(() => load(plain));
  await plain.close();

  const log = new MemoryLog();
  const first = nodeOf(log, await openLmdbStorage({ path: join(folder, 'first') }));
  await load(first.store);
  const taking = await timed(() => first.node.snapshot());
  // The log goes when there are two.
  await first.store.write({ op: 'set', path: 'last', value: 1 });
  const { bytes } = await first.node.snapshot();
  const { last } = log.bounds;

  const restore = (storage: StoreStorage): Promise<Timed> =>
    timed(async () => {
      const late = nodeOf(log, storage);
      await caughtUp(late, last);
      await late.store.close();
    });
  const inFolder = await restore(await openLmdbStorage({ path: join(folder, 'late') }));
  const inMemory = await restore(createMemoryStorage());
  await first.store.close();
  return [
    durationRow('loading them into a folder, in batches of 1,000 records', loading.nanoseconds),
    durationRow('taking a snapshot and reading it back', taking.nanoseconds),
    durationRow('longest turn of the event loop meanwhile', taking.longestTurn),
    figureRow('size of the snapshot', `${(bytes / 2 ** 20).toFixed(1)} MiB`),
    ratioRow('restoring a folder, against loading it', inFolder.nanoseconds / loading.nanoseconds, {
      atMost: 2,
    }),
    durationRow('longest turn of the event loop meanwhile', inFolder.longestTurn),
    ratioRow(
      'restoring a copy in memory, against loading a folder',
      inMemory.nanoseconds / loading.nanoseconds,
    ),
  ];
}

function nodeOf(log: MemoryLog, storage: StoreStorage): Node {
  let node: ClusterNode | undefined;
  const store = new Store({
    storage,
    order: (copy) => (node = new ClusterNode(copy, { log: log.connect(), logger: silentLogger })),
  });
  if (node === undefined) throw new Error('a store without an order');
  return { store, node };
}

async function caughtUp({ node }: Node, position: number): Promise<void> {
  for (;;) {
    const { state } = node;
    if (state.name === 'halted') throw state.cause;
    if (state.name === 'following' && state.position >= position) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function load(store: Store): Promise<void> {
  for (let from = 0; from < RECORDS; from += BATCH) {
    const operations = Array.from({ length: BATCH }, (_, i) => record(from + i));
    await store.writeBatch({ operations });
  }
}

function record(n: number): BatchOperation {
  const slug = String(n).padStart(7, '0');
  return {
    op: 'set',
    path: `app/posts/${slug}`,
    value: {
      title: `Post ${slug}`,
      author: `author-${n % 1_000}`,
      rank: n % 97,
      isRead: n % 2 === 0,
      note: 'dust',
    },
  };
}

interface Timed {
  readonly nanoseconds: number;
  /** In nanoseconds, the millisecond that the monitor itself waits left out. */
  readonly longestTurn: number;
}

async function timed(work: () => Promise<unknown>): Promise<Timed> {
  globalThis.gc?.();
  const monitor = monitorEventLoopDelay({ resolution: 1 });
  monitor.enable();
  const started = process.hrtime.bigint();
  await work();
  const nanoseconds = Number(process.hrtime.bigint() - started);
  await new Promise((resolve) => setImmediate(resolve));
  monitor.disable();
  return { nanoseconds, longestTurn: Math.max(0, monitor.max - 1e6) };
}
