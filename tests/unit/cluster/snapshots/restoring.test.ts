import 'reflect-metadata';
import { DustError } from '../../../../src/errors.js';
import type { ReplicatedLog } from '../../../../src/cluster/log/replicated-log.js';
import { Pattern } from '../../../../src/protocol/paths/pattern.js';
import type { Commit } from '../../../../src/protocol/requests/operation.js';
import { createMemoryStorage } from '../../../../src/store/index.js';
import { openLmdbStorage } from '../../../../src/store/lmdb/index.js';
import { useDataFolder } from '../../store/lmdb/data-folder.js';
import { leavesOf, refusalOf } from '../../store/open-store.js';
import { goOn } from '../model/turns.js';
import type { Member } from './world.js';
import { World, isCurrent } from './world.js';

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

async function write({ store }: Member, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await store.write({ op: 'increment', path: 'n', value: 1 });
}

/** Something that is held until it is let go. */
class Gate {
  isClosed = true;
  #open: () => void = () => undefined;
  readonly #opened = new Promise<void>((resolve) => (this.#open = resolve));

  open(): void {
    this.isClosed = false;
    this.#open();
  }

  async pass(): Promise<void> {
    if (this.isClosed) await this.#opened;
  }
}

interface Cut {
  isDeaf: boolean;
  isMute: boolean;
}

/** A node that hears nothing of the log for a while, and one that goes on until the log does not go back to where that stood. */
async function cutOff(gate: Gate): Promise<{ one: Member; late: Member; cut: Cut }> {
  const cut = { isDeaf: false, isMute: false };
  const one = world.join();
  const late = world.join({
    log: (log) => ({
      append: (bytes, options) => (cut.isMute ? Promise.reject(lost()) : log.append(bytes, options)),
      read: (from, options) => (cut.isDeaf ? Promise.reject(lost()) : log.read(from, options)),
    }),
    shelf: (shelf) => ({
      get: async (name) => {
        await gate.pass();
        return shelf.get(name);
      },
    }),
  });
  await write(late, 3);
  await one.store.barrier();
  cut.isDeaf = cut.isMute = true;
  return { one, late, cut };
}

async function trimBehind(one: Member): Promise<void> {
  await write(one, 4);
  await one.node.snapshot();
  await write(one, 4);
  await one.node.snapshot();
  await write(one, 1);
  expect(world.memory.bounds.first).toBeGreaterThan(5);
}

describe('a node that the log does not lead on', () => {
  it('shows nothing until it has taken a snapshot, tells of each write what is known, and goes on', async () => {
    const gate = new Gate();
    const { one, late, cut } = await cutOff(gate);
    const sent = refusalOf(late.store.write({ op: 'increment', path: 'n', value: 100 }));
    await goOn(4);
    const heard: Commit[] = [];
    late.store.watch(Pattern.parse('n'), (commit) => heard.push(commit));
    await trimBehind(one);
    const unsent = late.store.write({ op: 'increment', path: 'n', value: 1_000 });
    await goOn(4);
    cut.isDeaf = false;
    await world.until(() => late.node.state.name === 'restoring', 10);
    cut.isMute = false;
    for (const use of [
      () => late.store.get('n'),
      () => late.store.status(),
      () => late.store.records('r'),
      () => late.store.watch(Pattern.parse('**'), () => undefined),
      () => late.store.write({ op: 'set', path: 'a', value: 4 }),
      () => late.store.barrier(),
      () => late.store.file('sha256:0'),
      () => late.store.assertCurrent(),
      () => late.node.snapshot(),
    ]) {
      expect(await refusalOf(async () => use())).toMatchObject({
        kind: 'storage',
        detail: 'restoring',
        retryable: true,
      });
    }
    expect(await sent).toMatchObject({ kind: 'indeterminate' });
    gate.open();
    await world.until(() => isCurrent(late, world), 10);
    await unsent;
    await one.store.barrier();
    await late.store.barrier();
    expect(leavesOf(late.store)).toEqual(leavesOf(one.store));
    expect(late.store.status()).toEqual(one.store.status());
    expect(late.store.log()).toEqual(one.store.log());
    late.store.assertCurrent();
    // What happened meanwhile is one commit to it, and what follows is told as ever.
    const [jump, ...others] = heard;
    expect(jump!.operations).toEqual([
      expect.objectContaining({ op: 'set', path: 'n', value: 11, clientOpId: null }),
    ]);
    expect(jump).toMatchObject({ first: jump!.last });
    expect(others.map(({ operations }) => operations[0]!.value).at(-1)).toBe(late.store.get('n')!.value);
    expect(others.every(({ operations }) => operations[0]!.op === 'increment')).toBe(true);
  });

  it('counts what it had sent once, whatever it was told', async () => {
    const cut = { isCut: false };
    const one = world.join();
    const late = world.join({
      log: (log) => ({
        append: async (bytes, options) => {
          const position = await log.append(bytes, options);
          if (cut.isCut) throw lost();
          return position;
        },
        read: (from, options) => (cut.isCut ? Promise.reject(lost()) : log.read(from, options)),
      }),
    });
    await write(late, 1);
    cut.isCut = true;
    const request = { op: 'increment', path: 'n', value: 50, clientOpId: 'once' } as const;
    const sent = refusalOf(late.store.write(request));
    await world.until(() => one.store.get('n')?.value === 51, 10);
    await trimBehind(one);
    cut.isCut = false;
    expect(await refusalUnlessLate(sent)).toMatchObject({ kind: 'indeterminate' });
    await world.until(() => isCurrent(late, world), 10);
    await late.store.write(request);
    expect(late.store.get('n')?.value).toBe(60);
    await one.store.barrier();
    expect(one.store.get('n')?.value).toBe(60);
  });

  it('waits for a snapshot that can be read, and takes the older one when the newer is damaged', async () => {
    const gate = new Gate();
    const { one, late, cut } = await cutOff(gate);
    await trimBehind(one);
    const [older, newer] = (await world.snapshots()) as [string, string];
    const whole = await bytesOf(newer);
    const { shelf } = world.memory;
    await shelf.remove(older);
    await shelf.remove(newer);
    cut.isDeaf = cut.isMute = false;
    await world.until(() => late.told.some((text) => text.includes('no snapshot')), 10);
    expect(late.node.state.name).toBe('restoring');
    await write(one, 1);
    await one.node.snapshot();
    const last = (await world.snapshots()).at(-1)!;
    const lastWhole = await bytesOf(last);
    await shelf.remove(last);
    await shelf.put(newer, once(whole));
    await shelf.put(last, once(lastWhole.subarray(0, lastWhole.length - 4)));
    gate.open();
    await world.until(() => isCurrent(late, world), 10);
    expect(late.told.some((text) => text.includes('an older snapshot is looked for'))).toBe(true);
    expect(leavesOf(late.store)).toEqual(leavesOf(one.store));
  });

  it('is closed in the middle of one, and goes on when it is opened again', async () => {
    const storage = await openLmdbStorage({ path: folder.path });
    const one = world.join();
    const operations = Array.from({ length: 1_000 }, (_, i) => {
      return { op: 'set', path: `r/${i}`, value: 'x'.repeat(1_000) } as const;
    });
    await one.store.writeBatch({ operations });
    await trimBehind(one);
    const gate = new Gate();
    let pieces = 0;
    const late = world.join({
      storage,
      shelf: (shelf) => ({
        get: async (name) => slowly((await shelf.get(name))!, gate, () => pieces++),
      }),
    });
    await world.until(() => pieces > 0, 10);
    expect(late.node.state.name).toBe('restoring');
    await goOn(20);
    const closed = late.store.close();
    gate.open();
    await closed;
    const again = world.join({ storage: await openLmdbStorage({ path: folder.path, verify: true }) });
    await world.until(() => isCurrent(again, world), 10);
    expect(leavesOf(again.store)).toEqual(leavesOf(one.store));
  });
});

describe('an empty node', () => {
  it('takes a snapshot that spares it a long way', async () => {
    const one = world.join();
    const { store } = one;
    for (let i = 0; i < 1_000; i++) await store.write({ op: 'increment', path: 'n', value: 1 });
    await one.node.snapshot();
    expect(world.memory.bounds.first).toBe(1);
    const reads: number[] = [];
    const fresh = world.join({ log: (log) => reading(log, reads) });
    await world.until(() => isCurrent(fresh, world), 10);
    expect(Math.min(...reads)).toBe(1_002);
    expect(fresh.store.get('n')?.value).toBe(1_000);
  });

  it('reads the log where that is no longer', async () => {
    const one = world.join();
    await write(one, 20);
    await one.node.snapshot();
    const reads: number[] = [];
    const fresh = world.join({ log: (log) => reading(log, reads) });
    await world.until(() => isCurrent(fresh, world), 10);
    expect(Math.min(...reads)).toBe(1);
  });

  it('fills its folder from a copy in memory, and its memory from a folder', async () => {
    const one = world.join();
    await trimBehind(one);
    const inFolder = world.join({ storage: await openLmdbStorage({ path: folder.path }) });
    await world.until(() => isCurrent(inFolder, world), 10);
    expect(leavesOf(inFolder.store)).toEqual(leavesOf(one.store));
    await write(inFolder, 1);
    await inFolder.node.snapshot();
    await write(inFolder, 1);
    await inFolder.node.snapshot();
    const inMemory = world.join({ storage: createMemoryStorage() });
    await world.until(() => isCurrent(inMemory, world), 10);
    expect(leavesOf(inMemory.store)).toEqual(leavesOf(inFolder.store));
    expect(inMemory.store.log()).toEqual(inFolder.store.log());
  });
});

it('a log that says nothing new is asked where it ends once a second, not at every look', async () => {
  let bounds = 0;
  const one = world.join({
    log: (log) => ({
      bounds: () => {
        bounds++;
        return log.bounds();
      },
    }),
  });
  const other = world.join();
  await write(one, 1);
  const before = bounds;
  // Each frame wakes the node, which finds nothing more behind it.
  for (let i = 0; i < 200; i++) {
    await other.store.write({ op: 'increment', path: 'n', value: 1 });
    await goOn();
    await world.clock.advance(10);
  }
  expect(one.store.get('n')?.value).toBe(201);
  expect(bounds - before).toBeLessThanOrEqual(3);
  one.store.assertCurrent();
});

function reading(log: ReplicatedLog, reads: number[]): Partial<ReplicatedLog> {
  return {
    read: (from, options) => {
      reads.push(from);
      return log.read(from, options);
    },
  };
}

async function refusalUnlessLate(sent: Promise<DustError>): Promise<DustError> {
  let refusal: DustError | undefined;
  void sent.then((error) => (refusal = error));
  await world.until(() => refusal !== undefined, 10);
  return refusal!;
}

async function bytesOf(name: string): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of (await world.memory.shelf.get(name))!) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield await Promise.resolve(bytes);
}

/** All but the end, and that when the gate opens. */
async function* slowly(
  bytes: AsyncIterable<Uint8Array>,
  gate: Gate,
  onPiece: () => void,
): AsyncIterable<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  const all = Buffer.concat(pieces);
  yield all.subarray(0, all.length / 2);
  onPiece();
  await gate.pass();
  yield all.subarray(all.length / 2);
}
