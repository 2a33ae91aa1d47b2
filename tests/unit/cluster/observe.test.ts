import { ClusterNode } from '../../../src/cluster/cluster-node.js';
import { MemoryLog } from '../../../src/cluster/logs/memory/memory-log.js';
import { clusterStatus, observe } from '../../../src/cluster/observe/index.js';
import { silentLogger } from '../../../src/logging.js';
import { Store, createMemoryStorage } from '../../../src/store/index.js';
import { TestClock } from '../../../src/testing/test-clock.js';
import { refusalOf } from '../store/open-store.js';

describe('what a log tells of its cluster without a copy of the store', () => {
  let time: TestClock;
  let memory: MemoryLog;
  let store: Store;
  let node: ClusterNode;

  beforeEach(() => {
    time = new TestClock();
    memory = new MemoryLog({ clock: time });
    store = new Store({
      storage: createMemoryStorage(),
      order: (copy) =>
        (node = new ClusterNode(copy, {
          log: memory.connect(),
          clock: new TestClock(),
          logger: silentLogger,
          name: 'one',
        })),
    });
  });

  afterEach(() => store.close());

  /** What its nodes know, but for what only a copy knows. */
  async function isKnown(): Promise<void> {
    await store.barrier();
    const { time: at, snapshots, ...seen } = await observe(memory.connect(), { knownLevel: 1 });
    const { digest: _, fingerprint: __, snapshots: own, ...known } = node.mark;
    expect(seen).toEqual(known);
    expect(snapshots.bytes).toBe(own.bytes);
    expect(snapshots.taken.map(({ position }) => position)).toEqual(
      own.taken.map(({ position }) => position),
    );
    expect(at).toBe(time.now());
  }

  it('is what its nodes know, from the beginning and from a snapshot on', async () => {
    await store.write({ op: 'set', path: 'a', value: 1 });
    memory.append(memory.read(1, 1e6)[0]!.bytes);
    await isKnown();
    await time.advance(1000);
    const first = await node.snapshot();
    await store.write({ op: 'set', path: 'a', value: 2 });
    await time.advance(1000);
    const second = await node.snapshot();
    expect(memory.bounds.first).toBe(first.position + 1);
    await store.write({ op: 'set', path: 'a', value: 3 });
    await isKnown();
    // The newest one cannot be read any more.
    const [, newest] = await memory.shelf.list('snapshot/');
    await memory.shelf.remove(newest!.name);
    await memory.shelf.put(newest!.name, pieces('no snapshot'));
    await isKnown();
    expect(second.position).toBeGreaterThan(first.position);
  });

  it('cannot be told when the log has no beginning and no snapshot', async () => {
    await store.barrier();
    memory.trim(1);
    expect(await refusalOf(observe(memory.connect(), { knownLevel: 1 }))).toMatchObject({
      kind: 'storage',
      detail: 'no_snapshot',
    });
  });

  it('says how far behind a node was when it told of itself, and how long ago that is', async () => {
    for (let i = 0; i < 3; i++) await store.write({ op: 'set', path: 'a', value: i });
    await time.advance(7000);
    await store.write({ op: 'set', path: 'a', value: 3 });
    const status = await clusterStatus(memory.connect(), { knownLevel: 1 });
    expect(status).toMatchObject({
      engine: 'memory',
      position: node.mark.position,
      first: 1,
      level: 1,
      knownLevel: 1,
      members: [{ name: 'one', level: 1, behind: 0, silent: 7000 }],
      snapshots: [],
      sinceSnapshot: node.mark.snapshots.bytes,
      database: undefined,
    });
  });
});

async function* pieces(text: string): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(new TextEncoder().encode(text));
}
