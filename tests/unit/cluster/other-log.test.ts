import { ClusterNode } from '../../../src/cluster/cluster-node.js';
import type { Frame } from '../../../src/cluster/frame/frame.js';
import { encodeFrame } from '../../../src/cluster/frame/frame.js';
import type { ReplicatedLog } from '../../../src/cluster/log/replicated-log.js';
import { MemoryLog } from '../../../src/cluster/logs/memory/memory-log.js';
import { DustError } from '../../../src/errors.js';
import { silentLogger } from '../../../src/logging.js';
import type { StoreStorage } from '../../../src/store/index.js';
import { Store, createMemoryStorage } from '../../../src/store/index.js';
import { TestClock } from '../../../src/testing/test-clock.js';
import { refusalOf } from '../store/open-store.js';
import { goOn } from './model/turns.js';

interface Node {
  readonly store: Store;
  readonly node: ClusterNode;
}

const clock = new TestClock();
const opened: Store[] = [];

function begin(log: { connect(): ReplicatedLog }, storage: StoreStorage = createMemoryStorage()): Node {
  let node: ClusterNode | undefined;
  const options = { log: log.connect(), clock, logger: silentLogger, random: () => 0.5 };
  const store = new Store({ storage, order: (copy) => (node = new ClusterNode(copy, options)) });
  opened.push(store);
  return { store, node: node! };
}

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
});

const write = async ({ store }: Node, path: string, value = 1): Promise<void> => {
  await store.write({ op: 'set', path, value });
};

const stateOf = ({ node: { state } }: Node): string | undefined =>
  state.name === 'halted' ? state.cause.detail : state.name;

/** A write whose node hears nothing of its own accord. */
async function untilDone(work: Promise<void>): Promise<void> {
  let isDone = false;
  void work.then(() => (isDone = true));
  while (!isDone) await rest();
}

/** Time goes by in which a node could do something. */
async function rest(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await clock.advance(1_000);
    await goOn();
  }
}

/** The same entries, at the same times, and after that another one. */
function forked(log: MemoryLog, count: number): MemoryLog {
  const fork = new MemoryLog({ clock });
  for (const { bytes } of log.read(1, Infinity).slice(0, count)) fork.append(bytes);
  return fork;
}

/** What a node has kept that followed some log. */
async function keptOf(log: MemoryLog, paths: readonly string[]): Promise<StoreStorage> {
  const storage = createMemoryStorage();
  const node = begin(log, { ...storage, close: () => Promise.resolve() });
  for (const path of paths) await write(node, path);
  await node.store.close();
  return storage;
}

describe('a node whose copy is of another log', () => {
  it.each([
    ['a shorter one', 2],
    ['one of the same length', 5],
    ['a longer one', 9],
  ])('halts before it has written to this one, which is %s, and nobody else does', async (_, length) => {
    const kept = await keptOf(new MemoryLog({ clock }), ['a', 'b', 'c', 'd', 'e']);
    const log = new MemoryLog({ clock });
    const well = begin(log);
    for (let i = 0; i < length; i++) await write(well, `p${i}`);
    await goOn();
    const wrong = begin(log, kept);
    const refused = refusalOf(wrong.store.write({ op: 'set', path: 'x', value: 1 }));
    await rest();
    expect(stateOf(wrong)).toBe(length < 5 ? 'log_shorter' : 'diverged');
    expect(await refused).toMatchObject({
      kind: expect.stringMatching(/^(storage|indeterminate)$/) as string,
    });
    await write(well, 'after');
    await write(begin(log), 'new');
    expect([stateOf(well), log.bounds.last]).toEqual(['following', length + 2]);
  });

  it('halts when its log lost what it has applied last, and took in something else', async () => {
    const lost = new MemoryLog({ clock });
    const kept = await keptOf(lost, ['a', 'b', 'lost']);
    const log = forked(lost, 2);
    const well = begin(log);
    await write(well, 'instead');
    await write(well, 'more');
    await goOn();
    const wrong = begin(log, kept);
    await rest();
    expect([stateOf(wrong), stateOf(well)]).toEqual(['diverged', 'following']);
    await write(well, 'after');
    expect(log.bounds.last).toBe(5);
  });

  it('sends nothing to a log that was put in the place of its own under it', async () => {
    const log = new MemoryLog({ clock });
    const lost = new DustError('network', 'lost');
    let [present, isDeaf] = [log.connect(), false];
    const before = present;
    const node = begin({
      connect: () => ({
        name: 'replaced',
        shelf: log.shelf,
        append: (...args) => present.append(...args),
        // Nothing is heard of it before something is sent.
        read: (...args) => (isDeaf ? Promise.reject(lost) : present.read(...args)),
        bounds: (...args) => (isDeaf ? Promise.reject(lost) : before.bounds(...args)),
        watch: () => () => undefined,
        trim: (through) => present.trim(through),
        close: () => present.close(),
      }),
    });
    for (const path of ['a', 'b', 'lost']) await untilDone(write(node, path));
    const fork = forked(log, 2);
    fork.append(frameOf(0, ''));
    isDeaf = true;
    await rest();
    present = fork.connect();
    const refused = refusalOf(node.store.write({ op: 'set', path: 'x', value: 1 }));
    await rest();
    expect([stateOf(node), fork.bounds.last]).toEqual(['following', 3]);
    isDeaf = false;
    await rest();
    expect(stateOf(node)).toBe('diverged');
    expect(await refused).toMatchObject({ kind: 'indeterminate' });
    expect(fork.bounds.last).toBe(3);
  });
});

function frameOf(position: number, digest: string): Uint8Array {
  const head: Omit<Frame, 'proposals'> = {
    session: { id: 'damaged', since: 0 },
    number: 1,
    level: 1,
    applied: { position, digest },
  };
  return encodeFrame(head, ['{"kind":"barrier"}']);
}

describe('a frame of a node whose copy is damaged', () => {
  it('halts all that have another one, and is passed by whoever begins anew', async () => {
    const log = new MemoryLog({ clock });
    const storage = createMemoryStorage();
    const node = begin(log, { ...storage, close: () => Promise.resolve() });
    await write(node, 'a');
    await write(node, 'b');
    log.append(frameOf(2, 'damaged'));
    await rest();
    expect(stateOf(node)).toBe('diverged');
    const again = begin(log, storage);
    await rest();
    expect(stateOf(again)).toBe('diverged');
    const anew = begin(log);
    await rest();
    expect(stateOf(anew)).toBe('following');
    await write(anew, 'c');
    await write(begin(log), 'd');
    expect(anew.store.list({ pattern: '**' }).items.map(({ path }) => path)).toEqual(['a', 'b', 'c', 'd']);
    // What comes from now on counts.
    log.append(frameOf(1, 'damaged'));
    await rest();
    expect(stateOf(anew)).toBe('diverged');
  });
});
