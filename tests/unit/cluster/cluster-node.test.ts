import { ClusterNode } from '../../../src/cluster/cluster-node.js';
import type { ReplicatedLog } from '../../../src/cluster/log/replicated-log.js';
import { MemoryLog } from '../../../src/cluster/logs/memory/memory-log.js';
import type { QueueLimits } from '../../../src/cluster/propose/proposal-queue.js';
import { silentLogger } from '../../../src/logging.js';
import type { IndexDefinition } from '../../../src/protocol/values/record-access.js';
import type { StoreOptions } from '../../../src/store/index.js';
import { Store, createMemoryStorage } from '../../../src/store/index.js';
import { TestClock } from '../../../src/testing/test-clock.js';
import { leavesOf, refusalOf } from '../store/open-store.js';
import { goOn } from './model/turns.js';

interface Member {
  readonly store: Store;
  readonly node: ClusterNode;
  /** What its waits go by. */
  readonly clock: TestClock;
  readonly told: string[];
}

const UNIQUE: IndexDefinition = { prefix: 'r', parts: [{ path: 'u', type: 'string' }], unique: true };
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function* once(content: Uint8Array): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(content);
}

describe('the nodes of a cluster', () => {
  let clock: TestClock;
  let memory: MemoryLog;
  let members: Member[];

  function join(
    options: Partial<StoreOptions> = {},
    change: (log: ReplicatedLog) => Partial<ReplicatedLog> = () => ({}),
    queue?: QueueLimits,
  ): Member {
    const log = memory.connect();
    const told: string[] = [];
    const logger = { ...silentLogger, error: (message: string) => told.push(message) };
    let node: ClusterNode | undefined;
    const waits = new TestClock();
    const store = new Store({
      storage: createMemoryStorage(),
      order: (copy) => {
        const parts = { log: { ...wrapped(log), ...change(log) }, clock: waits, logger, queue };
        return (node = new ClusterNode(copy, parts));
      },
      ...options,
    });
    const member = { store, node: node!, clock: waits, told };
    members.push(member);
    return member;
  }

  beforeEach(() => {
    clock = new TestClock();
    memory = new MemoryLog({ clock });
    members = [];
  });

  afterEach(async () => {
    for (const { store } of members) await store.close();
  });

  it('keep as much of their log as all others, whatever a process was started with', async () => {
    const [one, other] = [join({ log: { keep: 1, limit: 2 } }), join()];
    for (let i = 0; i < 5; i++) {
      await one.store.write({ op: 'set', path: `a/${i}`, value: i });
      // Beyond the time in which client ids must be known.
      await clock.advance(660_000);
    }
    await other.store.barrier();
    expect(one.store.status()).toEqual(other.store.status());
    expect(one.store.status().operationCount).toBe(5);
  });

  it.each([
    ['an empty client id', { clientOpId: '' }],
    ['a client id that is too long', { clientOpId: 'x'.repeat(256) }],
    ['an empty device', { deviceId: '' }],
    ['a fence without a key', { fence: { key: '', token: 1 } }],
  ])('refuse %s as every store does, before it is sent', async (_, context) => {
    const { store } = join();
    const alone = new Store({ storage: createMemoryStorage() });
    for (const write of [
      (on: Store) => on.write({ op: 'set', path: 'a', value: 1, ...context }),
      (on: Store) => on.writeBatch({ operations: [{ op: 'delete', path: 'a' }], ...context }),
    ]) {
      const refusal = await refusalOf(write(store));
      expect(refusal).toMatchObject({ kind: 'invalid_params' });
      expect(refusal.message).toBe((await refusalOf(write(alone))).message);
    }
    expect(memory.bounds.last).toBe(0);
    await alone.close();
  });

  it('have each other’s files, and tell one that was damaged', async () => {
    const [one, other, third] = [join(), join(), join()];
    const { hash } = await one.store.putFile({ path: 'f', content: bytes('content'), filename: 'a.txt' });
    await other.store.barrier();
    expect(await other.store.file(hash)).toMatchObject({ content: bytes('content'), filename: 'a.txt' });
    await memory.shelf.remove(`file/${hash}`);
    expect(await other.store.file(hash)).toMatchObject({ content: bytes('content') });
    expect(await third.store.file(hash)).toBeNull();
    await memory.shelf.put(`file/${hash}`, once(bytes('\0\0\0\x1a{"contentType":"text/plain"}other')));
    expect(await refusalOf(third.store.file(hash))).toMatchObject({
      kind: 'storage',
      detail: 'damaged_file',
    });
  });

  it('hold no more files on their way to the shelf than writes on their way to the log', async () => {
    const [slow, putOn] = slowShelf();
    const { store } = join({}, slow, { proposals: 2, bytes: 1_000 });
    const file = (path: string, size: number): Promise<unknown> =>
      store.putFile({ path, content: new Uint8Array(size), filename: 'a' });
    const full = { kind: 'rate_limited', detail: 'queue_full', retryable: true };
    const first = file('a', 900);
    expect(await refusalOf(file('b', 101))).toMatchObject(full);
    const second = file('c', 1);
    expect(await refusalOf(store.write({ op: 'delete', path: 'd' }))).toMatchObject(full);
    putOn();
    await Promise.all([first, second]);
    await file('e', 900);
    await file('f', 900);
  });

  it('end what was begun before they are closed: a file on its way to the shelf, too', async () => {
    const [slow, putOn] = slowShelf();
    const { store, node } = join({}, slow);
    const written = store.putFile({ path: 'f', content: bytes('content'), filename: 'a.txt' });
    const closed = store.close();
    await goOn();
    putOn();
    expect(await written).toMatchObject({ storeSeq: 1 });
    await closed;
    expect(node.state).toEqual({ name: 'closed' });
    expect(await refusalOf(store.write({ op: 'set', path: 'a', value: 1 }))).toMatchObject({
      kind: 'closed',
    });
  });

  it('are closed in the middle of an index without halting, and go on with it', async () => {
    const storage = createMemoryStorage();
    const [one, other] = [join({ storage }), join()];
    for (let at = 0; at < 4_000; at += 1_000) {
      const operations = Array.from({ length: 1_000 }, (_, i) => {
        return { op: 'set', path: `r/${at + i}/u`, value: `${at + i}` } as const;
      });
      await other.store.writeBatch({ operations });
    }
    await one.store.barrier();
    const kept = other.store.keepIndexes('r', [UNIQUE]);
    while (one.store.indexes().length === 0) await goOn(1);
    expect(one.store.indexes()).toMatchObject([{ isComplete: false }]);
    await one.store.close();
    expect(one.told).toEqual([]);
    await kept;
    const again = join({ storage });
    await again.store.barrier();
    expect(again.store.indexes()).toEqual(other.store.indexes());
    expect(leavesOf(again.store)).toEqual(leavesOf(other.store));
  });

  it('stop waiting for an index when they are told to', async () => {
    const { store } = join();
    expect(await refusalOf(store.useIndexes('r', [UNIQUE], { signal: AbortSignal.abort() }))).toMatchObject({
      kind: 'aborted',
    });
    expect(memory.bounds.last).toBe(0);
    const end = new AbortController();
    const wait = refusalOf(store.keepIndexes('r', [UNIQUE], { signal: end.signal }));
    end.abort();
    expect(await wait).toMatchObject({ kind: 'aborted' });
    await store.barrier();
    expect(store.indexes()).toMatchObject([{ isComplete: true, isKept: true }]);
  });

  it('write frames of the level that all understand', async () => {
    const { store } = join();
    await store.barrier();
    const [entry] = memory.read(1, 1e6);
    expect((JSON.parse(Buffer.from(entry!.bytes).toString()) as unknown[])[3]).toBe(1);
  });

  it('drop an index once, whoever asks for it', async () => {
    const [one, other] = [join(), join()];
    await one.store.keepIndexes('r', [UNIQUE]);
    await other.store.barrier();
    const dropped = await Promise.all([one, other].map(({ store }) => store.dropIndex('r', UNIQUE)));
    expect(dropped.toSorted()).toEqual([false, true]);
    expect(await one.store.dropIndex('r', UNIQUE)).toBe(false);
  });

  it('wait for a unique index as long as it takes to build it', async () => {
    const { store, clock: waits } = join();
    const records = Array.from({ length: 1000 }, (_, i) => i);
    for (let batch = 0; batch < 20; batch++) {
      const operations = records.map(
        (i) => ({ op: 'set', path: `r/${batch}-${i}/u`, value: `${batch}-${i}` }) as const,
      );
      await store.writeBatch({ operations });
    }
    const kept = store.keepIndexes('r', [UNIQUE]);
    let isDone = false;
    const note = (): void => {
      isDone = true;
    };
    kept.then(note, note);
    while (store.indexes().length === 0) await goOn(1);
    expect(store.indexes()).toMatchObject([{ isComplete: false }]);
    // As though it took minutes.
    for (let minute = 0; minute < 3 && !isDone; minute++) await waits.advance(60_000);
    await kept;
    expect(store.indexes()).toMatchObject([{ isKept: true, isComplete: true }]);
  });
});

/** A shelf that takes nothing in until it is told to. */
function slowShelf(): readonly [change: (log: ReplicatedLog) => Partial<ReplicatedLog>, putOn: () => void] {
  let putOn: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (putOn = resolve));
  const change = ({ shelf }: ReplicatedLog): Partial<ReplicatedLog> => ({
    shelf: {
      put: async (name, content) => {
        await held;
        await shelf.put(name, content);
      },
      get: (name) => shelf.get(name),
      list: (prefix) => shelf.list(prefix),
      remove: (name) => shelf.remove(name),
    },
  });
  return [change, () => putOn()];
}

function wrapped(log: ReplicatedLog): ReplicatedLog {
  return {
    name: log.name,
    shelf: log.shelf,
    append: (...args) => log.append(...args),
    read: (...args) => log.read(...args),
    bounds: () => log.bounds(),
    watch: (listener) => log.watch(listener),
    trim: (through) => log.trim(through),
    close: () => log.close(),
  };
}
