import { NOTHING_APPLIED } from '../../../src/cluster/apply/cluster-mark.js';
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
import { mortalStorage } from './model/mortal-storage.js';
import { goOn } from './model/turns.js';

/** A log on the way to which frames may be held up. */
class HeldLog {
  readonly memory = new MemoryLog({ clock: new TestClock() });
  isHeld = false;
  isHoleSeen = false;

  connect(): ReplicatedLog {
    const inner = this.memory.connect();
    return {
      name: 'held',
      shelf: inner.shelf,
      append: (bytes, options) =>
        this.isHeld ? untilAborted(options?.signal) : inner.append(bytes, options),
      read: async (from, options) => {
        const entries = await inner.read(from, options);
        return this.isHoleSeen
          ? entries.map((entry) => ({ ...entry, position: entry.position + 1 }))
          : entries;
      },
      bounds: () => inner.bounds(),
      watch: (listener) => inner.watch(listener),
      trim: (through) => inner.trim(through),
      close: () => inner.close(),
    };
  }
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => {
      reject(new DustError('aborted', 'called off'));
    });
  });
}

interface World {
  readonly log: HeldLog;
  readonly clock: TestClock;
  readonly store: Store;
  readonly node: ClusterNode;
  readonly told: string[];
  breakMedium(): void;
}

function open(log = new HeldLog(), base = createMemoryStorage()): World {
  const clock = new TestClock();
  const told: string[] = [];
  const logger = {
    ...silentLogger,
    error: (message: string) => {
      told.push(message);
      throw new Error('a logger that fails');
    },
  };
  let isBroken = false;
  const storage: StoreStorage = {
    ...base,
    commit: (work) =>
      isBroken
        ? Promise.reject(new DustError('storage', 'The disk is full.', { retryable: true }))
        : base.commit(work),
  };
  let node: ClusterNode | undefined;
  const store = new Store({
    storage,
    order: (copy) => (node = new ClusterNode(copy, { log: log.connect(), clock, logger, random: () => 0.5 })),
  });
  const breakMedium = (): void => {
    isBroken = true;
  };
  return { log, clock, store, node: node!, told, breakMedium };
}

function frame(
  change: Partial<Frame> = {},
  proposals: readonly string[] = ['{"kind":"barrier"}'],
): Uint8Array {
  const right = { session: { id: 'other', since: 0 }, number: 1, level: 1, applied: NOTHING_APPLIED };
  return encodeFrame({ ...right, ...change }, proposals);
}

const text = (words: string): Uint8Array => new TextEncoder().encode(words);

/** What happens to a node that has applied one frame, and what it says then. */
const CAUSES: Readonly<Record<string, { readonly detail: string; readonly happen: (world: World) => void }>> =
  {
    'a hole in the log': {
      detail: 'hole_in_log',
      happen: ({ log }) => {
        log.isHoleSeen = true;
        log.memory.append(frame());
      },
    },
    'another digest than its own': {
      detail: 'diverged',
      happen: ({ log }) => log.memory.append(frame({ applied: { position: 1, digest: 'other' } })),
    },
    'a sender that has applied what lies behind its frame': {
      detail: 'diverged',
      happen: ({ log }) => log.memory.append(frame({ applied: { position: 2, digest: 'other' } })),
    },
    'bytes that are no frame': {
      detail: 'broken_frame',
      happen: ({ log }) => log.memory.append(new Uint8Array([0xff, 0x00])),
    },
    'a proposal of no kind': {
      detail: 'broken_frame',
      happen: ({ log }) => log.memory.append(frame({}, ['{"kind":"constructor"}'])),
    },
    'a proposal that lacks something': {
      detail: 'broken_frame',
      happen: ({ log }) => log.memory.append(frame({}, ['{"kind":"commit"}'])),
    },
    'indexes beside something else': {
      detail: 'broken_frame',
      happen: ({ log }) => {
        const index = '{"kind":"keepIndexes","prefix":"r","definitions":[]}';
        log.memory.append(frame({}, [index, '{"kind":"barrier"}']));
      },
    },
    'a frame of a later version': {
      detail: 'unknown_frame',
      happen: ({ log }) => log.memory.append(text('[2,"whatever"]')),
    },
    'a frame of a later level': {
      detail: 'unknown_level',
      happen: ({ log }) => log.memory.append(frame({ level: 2 })),
    },
    'a medium that fails, whatever it says of another time': {
      detail: '',
      happen: (world) => {
        world.breakMedium();
        world.log.memory.append(frame());
      },
    },
  };

describe.each(Object.entries(CAUSES))('a node that meets %s', (_, { detail, happen }) => {
  it('halts and says so; serves nothing; tells of each write what is known', async () => {
    const world = open();
    const { log, store, node, told } = world;
    await store.write({ op: 'set', path: 'a', value: 1 });
    log.isHeld = true;
    const sent = refusalOf(store.write({ op: 'set', path: 'a', value: 2 }));
    await goOn();
    const waiting = refusalOf(store.write({ op: 'set', path: 'a', value: 3 }));
    await goOn();
    happen(world);
    await goOn(4);
    const { state } = node;
    expect(state).toMatchObject({ name: 'halted', cause: detail === '' ? { kind: 'storage' } : { detail } });
    expect(told).toHaveLength(1);
    expect(await sent).toMatchObject({ kind: 'indeterminate' });
    expect((await sent).message).toMatch(/halted/);
    expect(await waiting).toMatchObject({ kind: 'storage', detail: 'halted' });
    const halted = { kind: 'storage', detail: 'halted' };
    for (const use of [
      () => store.get('a'),
      () => store.list({ pattern: '**' }),
      () => store.catchUp(0),
      () => store.status(),
      () => store.records('r'),
      () => store.write({ op: 'set', path: 'a', value: 4 }),
      () => store.writeBatch({ operations: [{ op: 'delete', path: 'a' }] }),
      () => store.compact(),
      () => store.barrier(),
      () => store.useIndexes('r', []),
      () => store.file('sha256:0'),
    ]) {
      expect(await refusalOf(async () => use())).toMatchObject(halted);
    }
    await store.close();
    expect(node.state).toEqual({ name: 'closed' });
    expect(world.clock.pending).toBe(0);
  });
});

describe('a copy', () => {
  it('of a longer log than there is halts', async () => {
    const base = createMemoryStorage();
    const first = open(new HeldLog(), base);
    await first.store.write({ op: 'set', path: 'a', value: 1 });
    await first.store.close();
    const second = open(new HeldLog(), base);
    await goOn(4);
    expect(second.node.state).toMatchObject({ name: 'halted', cause: { detail: 'log_shorter' } });
    await second.store.close();
  });

  it.each([
    ['a write', (store: Store) => store.write({ op: 'set', path: 'b', value: 1 })],
    ['a compaction', (store: Store) => store.compact()],
  ])('that had %s of its own is none any more', async (_, change) => {
    const base = createMemoryStorage();
    const first = open(new HeldLog(), base);
    await first.store.write({ op: 'set', path: 'a', value: 1 });
    await first.store.close();
    const alone = new Store({ storage: base });
    await change(alone);
    await alone.close();
    expect(await refusalOf(() => open(new HeldLog(), base))).toMatchObject({
      kind: 'storage',
      detail: 'not_a_copy',
    });
  });

  it('that a later version has raised is not opened', async () => {
    const base = createMemoryStorage();
    const first = open(new HeldLog(), base);
    await first.store.write({ op: 'set', path: 'a', value: 1 });
    await first.store.close();
    const counters = base.readCounters();
    const logged = counters.logged!;
    base.writeCounters({ ...counters, logged: { ...logged, mark: { ...logged.mark, level: 2 } } });
    expect(await refusalOf(() => open(new HeldLog(), base))).toMatchObject({ detail: 'unknown_level' });
  });

  it('whose process ends in the middle of a frame goes on with it', async () => {
    const log = new HeldLog();
    const base = createMemoryStorage();
    const { storage, killAfter } = mortalStorage(base, () => undefined);
    const first = open(log, storage);
    await first.store.write({ op: 'increment', path: 'n', value: 1 });
    killAfter(0, false);
    void first.store.write({ op: 'increment', path: 'n', value: 1 }).catch(() => undefined);
    await goOn(4);
    const second = open(log, base);
    await second.store.barrier();
    expect(second.store.get('n')?.value).toBe(2);
    await second.store.close();
  });
});
