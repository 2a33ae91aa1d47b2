import { DustError } from '../../../../src/errors.js';
import { openLmdbStorage } from '../../../../src/store/lmdb/index.js';
import { useDataFolder } from '../../store/lmdb/data-folder.js';
import { readersOf } from '../../store/lmdb/readers.js';
import { refusalOf } from '../../store/open-store.js';
import { goOn } from '../model/turns.js';
import { World } from './world.js';

const EVERY = { operations: 10, bytes: 1_000_000 };
const lost = (): DustError => new DustError('network', 'the shelf did not answer');

const folder = useDataFolder();
let world: World;

beforeEach(() => {
  world = new World();
});

afterEach(async () => {
  await world.close();
  expect(world.clock.pending).toBe(0);
});

const fill = async (
  { store }: { store: World['members'][number]['store'] },
  count: number,
): Promise<void> => {
  for (let i = 0; i < count; i++) await store.write({ op: 'increment', path: 'n', value: 1 });
};

describe('a node that is asked for a snapshot', () => {
  it('takes one of the place of its claim, and trims the log by the one before', async () => {
    const one = world.join();
    await fill(one, 3);
    const first = await one.node.snapshot();
    expect(first).toEqual({ position: 4, bytes: expect.any(Number) });
    expect(await world.snapshots()).toEqual(['snapshot/0000000000000004']);
    const [item] = await world.memory.shelf.list('snapshot/');
    expect(item!.size).toBe(first.bytes);
    expect(world.memory.bounds.first).toBe(1);
    await fill(one, 3);
    const second = await one.node.snapshot();
    expect(world.memory.bounds.first).toBe(first.position + 1);
    expect(await world.snapshots()).toHaveLength(2);
    await fill(one, 3);
    await one.node.snapshot();
    expect(world.memory.bounds.first).toBe(second.position + 1);
    expect(await world.snapshots()).toHaveLength(2);
    expect((await world.snapshots())[0]).toContain(String(second.position));
  });

  it('shares it with all who ask meanwhile', async () => {
    const one = world.join();
    await fill(one, 1);
    const [first, second] = await Promise.all([one.node.snapshot(), one.node.snapshot()]);
    expect(second).toBe(first);
    expect(await world.snapshots()).toHaveLength(1);
  });

  it('is refused while another node takes one, and takes over when that has ended in the middle', async () => {
    let isDead = false;
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const one = world.join({
      log: (log) => ({
        append: (bytes, options) => (isDead ? untilAborted(options?.signal) : log.append(bytes, options)),
      }),
      shelf: (shelf) => ({
        put: async (name, content) => {
          await shelf.put(name, content);
          await ended;
          throw lost();
        },
        remove: () => Promise.reject(lost()),
      }),
    });
    const other = world.join();
    await fill(one, 1);
    const taken = refusalOf(one.node.snapshot());
    await world.until(async () => (await world.snapshots()).length === 1, 10);
    const left = (await world.snapshots())[0]!;
    expect(await refusalOf(other.node.snapshot())).toMatchObject({ kind: 'held', retryable: true });
    // As long as it asks for more time it has it.
    for (let i = 0; i < 6; i++) {
      await world.clock.advance(30_000);
      await goOn();
    }
    expect(await refusalOf(other.node.snapshot())).toMatchObject({ kind: 'held' });
    isDead = true;
    await world.clock.advance(61_000);
    const { position } = await other.node.snapshot();
    expect(await world.snapshots()).toEqual([`snapshot/${String(position).padStart(16, '0')}`]);
    expect(await world.snapshots()).not.toContain(left);
    await world.clock.advance(31_000);
    end();
    expect(await taken).toMatchObject({ kind: 'network' });
  });

  it('does not count on one that it cannot read back: leaves nothing, trims nothing, and goes on', async () => {
    for (const shelf of BROKEN_SHELVES) {
      const { node, store } = world.join({ shelf });
      await store.write({ op: 'increment', path: 'n', value: 1 });
      const refusal = await refusalOf(node.snapshot());
      expect(['storage', 'network']).toContain(refusal.kind);
      expect(await world.snapshots()).toEqual([]);
      await store.write({ op: 'increment', path: 'n', value: 1 });
      expect(node.state.name).toBe('following');
      await store.close();
      await world.clock.advance(61_000);
    }
    expect(world.memory.bounds.first).toBe(1);
  });

  it('keeps what all count on when the log does not say that they do', async () => {
    const one = world.join();
    await fill(one, 1);
    const first = await one.node.snapshot();
    let appended = 0;
    const other = world.join({
      writeTimeout: 5_000,
      log: (log) => ({
        append: async (bytes, options) => {
          const position = await log.append(bytes, options);
          if (++appended > 1) throw lost();
          return position;
        },
        read: async (from, options) =>
          appended > 1 ? untilAborted(options.signal) : log.read(from, options),
      }),
    });
    await fill(one, 1);
    const taken = refusalOf(other.node.snapshot());
    await world.until(() => appended > 1, 10);
    await world.clock.advance(6_000);
    expect(await taken).toMatchObject({ kind: 'indeterminate' });
    expect(await world.snapshots()).toHaveLength(2);
    await fill(one, 1);
    await one.node.snapshot();
    // The one that nobody told of counts: it is there.
    expect(await world.snapshots()).toHaveLength(2);
    expect(world.memory.bounds.first).toBeGreaterThan(first.position + 1);
  });

  it('holds nothing any more when it is closed in the middle, or fails', async () => {
    const storage = await openLmdbStorage({ path: folder.path });
    let [isBroken, puts] = [false, 0];
    const one = world.join({
      storage,
      shelf: (shelf) => ({
        put: async (name, content) => {
          puts++;
          for await (const piece of content) {
            if (isBroken || piece.length === 0) throw lost();
            await new Promise(setImmediate);
          }
          await shelf.put(name, content);
        },
      }),
    });
    await fill(one, 5);
    const before = await readersOf(folder.path);
    isBroken = true;
    for (let i = 0; i < 3; i++) {
      expect((await refusalOf(one.node.snapshot())).kind).toBe('network');
      await fill(one, 2);
    }
    expect(await readersOf(folder.path)).toBeLessThanOrEqual(before + 1);
    isBroken = false;
    const taken = refusalOf(one.node.snapshot());
    await world.until(() => puts === 4, 1);
    await one.store.close();
    expect((await taken).kind).toBe('closed');
    expect(await world.snapshots()).toEqual([]);
    expect(await refusalOf(one.node.snapshot())).toMatchObject({ kind: 'closed' });
  });
});

describe('nodes by themselves', () => {
  it('take one when one is due, one of them each time, and trim the log', async () => {
    const puts = jest.spyOn(world.memory.shelf, 'put');
    const members = Array.from({ length: 3 }, () => world.join({ snapshots: EVERY }));
    await fill(members[0]!, 9);
    await world.clock.advance(5_000);
    await goOn(10);
    expect(await world.snapshots()).toEqual([]);
    for (let round = 1; round <= 4; round++) {
      const { store } = members[round % 3]!;
      // Beyond the time in which client ids must be known: a snapshot then is no longer than what comes after it.
      await world.clock.advance(660_000);
      await store.compact({ keep: 0 });
      await fill({ store }, 40);
      await world.until(async () => {
        return puts.mock.calls.length >= round && (await world.snapshots()).length === Math.min(round, 2);
      });
      await world.clock.advance(10_000);
      await goOn(10);
      expect(puts).toHaveBeenCalledTimes(round);
    }
    await world.until(() => world.memory.bounds.first > 100);
    expect(await world.snapshots()).toHaveLength(2);
    for (const { told } of members) expect(told).toEqual([]);
  });

  it('take one when the log has grown by so many bytes', async () => {
    const one = world.join({ snapshots: { operations: 1_000_000, bytes: 20_000 } });
    await one.store.write({ op: 'set', path: 'a', value: 'x'.repeat(19_000) });
    await world.clock.advance(5_000);
    await goOn(10);
    expect(await world.snapshots()).toEqual([]);
    await one.store.write({ op: 'set', path: 'a', value: 'y'.repeat(2_000) });
    await world.until(async () => (await world.snapshots()).length === 1);
  });

  it('take none more often than a large one is worth', async () => {
    const one = world.join({ snapshots: EVERY });
    const text = (): string =>
      Array.from({ length: 4_000 }, () => String.fromCharCode(33 + Math.random() * 90)).join('');
    for (let i = 0; i < 10; i++) await one.store.write({ op: 'set', path: `a/${i}`, value: text() });
    await world.until(async () => (await world.snapshots()).length === 1);
    for (let i = 0; i < 20; i++) await one.store.write({ op: 'increment', path: 'n', value: 1 });
    await world.clock.advance(30_000);
    await goOn(10);
    expect(await world.snapshots()).toHaveLength(1);
  });

  it('warn when one fails, and try again later', async () => {
    let isBroken = true;
    const one = world.join({
      snapshots: EVERY,
      shelf: (shelf) => ({
        put: (name, content) => (isBroken ? Promise.reject(lost()) : shelf.put(name, content)),
      }),
    });
    await fill(one, 20);
    await world.until(() => one.told.length > 0);
    expect(one.told[0]).toMatch(/a snapshot of the cluster failed.*did not answer/);
    const { length } = one.told;
    await world.clock.advance(30_000);
    await goOn(10);
    expect(one.told).toHaveLength(length);
    expect(one.node.state.name).toBe('following');
    isBroken = false;
    await world.until(async () => (await world.snapshots()).length === 1, 10_000);
  });
});

type Shelved = NonNullable<Parameters<World['join']>[0]>['shelf'];

const BROKEN_SHELVES: readonly NonNullable<Shelved>[] = [
  () => ({ put: () => Promise.reject(lost()) }),
  () => ({ put: () => Promise.resolve() }),
  (shelf) => ({
    put: async (name, content) => {
      await shelf.put(name, content);
      throw lost();
    },
  }),
  (shelf) => ({
    put: (name, content) => shelf.put(name, cut(content)),
  }),
  () => ({ get: () => Promise.resolve(null) }),
  () => ({ get: () => Promise.reject(lost()) }),
];

/** All but the last bytes. */
async function* cut(content: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const piece of content) yield piece.subarray(0, piece.length - 9);
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => {
      reject(new DustError('aborted', 'called off'));
    });
  });
}
