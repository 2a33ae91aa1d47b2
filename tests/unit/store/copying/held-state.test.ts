import { openLmdbStorage } from '../../../../src/store/lmdb/index.js';
import type { HeldState, StatePiece, StoreStorage } from '../../../../src/store/index.js';
import { Store, createMemoryStorage } from '../../../../src/store/index.js';
import { heldState } from '../../../../src/store/copying/held-state.js';
import type { IndexDefinition } from '../../../../src/protocol/values/record-access.js';
import { Draw } from '../../query/plan/model/draw.js';
import { useDataFolder } from '../lmdb/data-folder.js';

const UNIQUE: IndexDefinition = { prefix: 'r', parts: [{ path: 'u', type: 'string' }], unique: true };
const PLAIN: IndexDefinition = { prefix: 'r', parts: [{ path: 'n', type: 'number' }], unique: false };

const folder = useDataFolder();
const STORAGES: Readonly<Record<string, () => Promise<StoreStorage>>> = {
  memory: () => Promise.resolve(createMemoryStorage()),
  lmdb: () => openLmdbStorage({ path: folder.path }),
};

/** All of a state, as it is carried. */
const read = (state: HeldState): StatePiece[] => [...state.pieces()];

async function write(store: Store, draw: Draw): Promise<void> {
  const record = `r/${draw.int(40)}`;
  const at = draw.int(10);
  if (at < 5) await store.write({ op: 'set', path: `${record}/u`, value: `u${record}${draw.int(1_000)}` });
  else if (at < 7) {
    await store.write({ op: 'set', path: record, value: { n: draw.int(9), x: 'x'.repeat(draw.int(50)) } });
  } else if (at < 9) await store.write({ op: 'delete', path: record });
  else await store.compact({ keep: draw.int(8) });
}

it.each([
  ['fills a piece', 262_144, [1, 1]],
  ['leaves room for another one', 262_143, [2]],
])('a leaf that %s is the last of it or not: %i bytes', async (_, bytes, expected) => {
  const storage = createMemoryStorage();
  const store = new Store({ storage });
  // Of these 64 count for what every leaf has, and 2 for a text.
  await store.write({ op: 'set', path: 'a/b', value: 'v'.repeat(bytes - 64 - 'a/b'.length - 2) });
  await store.write({ op: 'set', path: 'a/c', value: 1 });
  const counts = read(heldState(storage.hold())).flatMap((piece) =>
    piece.kind === 'leaves' ? [piece.leaves.length] : [],
  );
  expect(counts).toEqual(expected);
  await store.close();
});

describe.each(Object.entries(STORAGES))('what a storage in %s holds', (_, open) => {
  let storage: StoreStorage;
  let store: Store;

  beforeEach(async () => {
    storage = await open();
    store = new Store({ storage });
  });

  afterEach(() => store.close());

  it('is of one moment, wherever it has been read to when something is written', async () => {
    const draw = new Draw(7);
    await store.keepIndexes('r', [UNIQUE]);
    for (let round = 0; round < 25; round++) {
      for (let i = 0; i < 12; i++) await write(store, draw);
      const [state, again] = [heldState(storage.hold()), heldState(storage.hold())];
      const expected = read(again);
      again.release();
      const found: unknown[] = [];
      for (const piece of state.pieces()) {
        found.push(piece);
        for (let i = draw.int(6); i > 0; i--) await write(store, draw);
      }
      state.release();
      expect(found).toEqual(expected);
    }
  });

  it('comes in pieces of a bounded size, which other writes go between', async () => {
    const value = 'v'.repeat(10_000);
    const operations = Array.from(
      { length: 200 },
      (_, i) => ({ op: 'set', path: `a/${String(i).padStart(3, '0')}`, value }) as const,
    );
    await store.writeBatch({ operations });
    const state = heldState(storage.hold());
    const expected = store.list({ pattern: '**', limit: 1_000 }).items;
    const leaves: unknown[] = [];
    const kinds: string[] = [];
    for (const piece of state.pieces()) {
      kinds.push(piece.kind);
      if (piece.kind === 'leaves') leaves.push(...piece.leaves);
      await store.write({ op: 'delete', path: `a/${String(199 - kinds.length * 3).padStart(3, '0')}` });
      await store.write({ op: 'set', path: `a/${199 - kinds.length}x`, value: 1 });
    }
    state.release();
    expect(leaves).toEqual(expected);
    expect(kinds).toEqual(['head', ...Array(8).fill('leaves'), ...Array(8).fill('operations')]);
  });

  it('has of the indexes those that others count on, and that stand', async () => {
    await store.useIndexes('r', [PLAIN]);
    await store.keepIndexes('r', [UNIQUE]);
    const state = heldState(storage.hold());
    expect(read(state)).toEqual([{ kind: 'head', counters: storage.readCounters(), indexes: [UNIQUE] }]);
    state.release();
  });

  it('may be let go of in the middle and twice, and by closing', async () => {
    await store.write({ op: 'set', path: 'a', value: 1 });
    const [state, other] = [heldState(storage.hold()), heldState(storage.hold())];
    for (const piece of state.pieces()) if (piece.kind === 'leaves') break;
    state.release();
    state.release();
    expect(read(other)).toHaveLength(3);
    await store.close();
    other.release();
    if (storage.name === 'lmdb') {
      expect(() => read(other)).toThrow('was closed');
      expect(() => storage.hold()).toThrow('was closed');
    }
  });
});
