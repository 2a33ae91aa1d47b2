import { onAbort } from '../../../src/abort-listener.js';
import { ClusterNode } from '../../../src/cluster/cluster-node.js';
import type { ReplicatedLog } from '../../../src/cluster/log/replicated-log.js';
import { MemoryLog } from '../../../src/cluster/logs/memory/memory-log.js';
import { untilCurrent } from '../../../src/cluster/until-current.js';
import { silentLogger } from '../../../src/logging.js';
import { Store, createMemoryStorage } from '../../../src/store/index.js';
import { TestClock } from '../../../src/testing/test-clock.js';
import { refusalOf } from '../store/open-store.js';

const FRAMES = 20;
const WRITE_TIMEOUT = 30_000;
/** Milliseconds until a slow log gives the next frame. */
const SLOW = 10_000;

const stores: Store[] = [];

function join(log: ReplicatedLog, clock: TestClock): { readonly store: Store; readonly node: ClusterNode } {
  let node: ClusterNode | undefined;
  const store = new Store({
    storage: createMemoryStorage(),
    order: (copy) =>
      (node = new ClusterNode(copy, { log, clock, writeTimeout: WRITE_TIMEOUT, logger: silentLogger })),
  });
  stores.push(store);
  return { store, node: node! };
}

/** A log of which one frame is read at a time, each after a wait. */
function slow(log: ReplicatedLog, clock: TestClock, frames: number): ReplicatedLog {
  return {
    name: log.name,
    shelf: log.shelf,
    append: (...args) => log.append(...args),
    bounds: (...args) => log.bounds(...args),
    watch: (listener) => log.watch(listener),
    trim: (through) => log.trim(through),
    close: () => log.close(),
    read: async (from, options) => {
      if (from > frames) return [];
      await new Promise<void>((resolve) => {
        const callOff = clock.schedule(resolve, SLOW);
        onAbort(options.signal, () => {
          callOff();
          resolve();
        });
      });
      return log.read(from, { ...options, maxBytes: 1 });
    },
  };
}

async function filled(): Promise<MemoryLog> {
  const log = new MemoryLog();
  const { store } = join(log.connect(), new TestClock());
  for (let i = 0; i < FRAMES; i++) await store.write({ op: 'set', path: `a/${i}`, value: i });
  return log;
}

afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});

it('a node that comes forward is waited for, however long its log is', async () => {
  const log = await filled();
  const clock = new TestClock();
  const { store, node } = join(slow(log.connect(), clock, Infinity), clock);
  const waiting = untilCurrent(node);
  for (let i = 0; i < 2 * FRAMES; i++) await clock.advance(SLOW);
  await waiting;
  expect(store.status().storeSeq).toBe(FRAMES);
});

it('a node that stands still is not', async () => {
  const log = await filled();
  const clock = new TestClock();
  const { node } = join(slow(log.connect(), clock, 5), clock);
  const waiting = refusalOf(untilCurrent(node));
  for (let i = 0; i < 2 * FRAMES; i++) await clock.advance(SLOW);
  expect(await waiting).toMatchObject({ kind: 'timeout', detail: 'not_current' });
  expect(node.state).toMatchObject({ name: 'following', position: 5 });
});

it('a node that is closed is not', async () => {
  const log = await filled();
  const { store, node } = join(log.connect(), new TestClock());
  await store.close();
  expect(await refusalOf(untilCurrent(node))).toMatchObject({ kind: 'closed' });
});
