import type { BatchOperation, StatePiece, StoreStorage } from '../../../../src/store/index.js';
import { createMemoryStorage } from '../../../../src/store/index.js';
import { Pattern } from '../../../../src/protocol/paths/pattern.js';
import type { Commit } from '../../../../src/protocol/requests/operation.js';
import type { Leaf } from '../../../../src/protocol/values/value.js';
import { arriving, copiedStore, stateOf } from './copied-store.js';

const COUNTERS = { storeSeq: 7, snapshotSeq: 0 };
const HEAD: StatePiece = { kind: 'head', counters: COUNTERS, indexes: [] };

const pathOf = (n: number): string => `a/${String(n).padStart(5, '0')}`;

/** Leaves `a/<n>` for each n from `first` and below `end`. */
function leaves(first: number, end: number, value = 1): Leaf[] {
  return Array.from({ length: end - first }, (_, i) => ({
    path: pathOf(first + i),
    value,
    type: 'integer',
    revision: value,
  }));
}

async function holding(count: number): Promise<StoreStorage> {
  const storage = createMemoryStorage();
  await storage.commit(() => {
    for (const leaf of leaves(0, count)) storage.leaves.put(leaf);
  });
  return storage;
}

/** What each commit of a restore found and left, and in which turn of the event loop it was made. */
async function restored(storage: StoreStorage, pieces: readonly StatePiece[]) {
  const counts: number[] = [];
  const turns: number[] = [];
  const { copy, store } = copiedStore(storage);
  const commit = storage.commit.bind(storage);
  jest.spyOn(storage, 'commit').mockImplementation(async (work) => {
    const result = await commit(work);
    turns.push(turn);
    counts.push(storage.measure?.().leafCount ?? NaN);
    return result;
  });
  let turn = 0;
  let next = setImmediate(function count() {
    turn++;
    next = setImmediate(count);
  });
  try {
    await copy.restore(arriving(pieces));
  } finally {
    clearImmediate(next);
  }
  const found = [...storage.leaves.range({})];
  await store.close();
  return { counts, turns, found };
}

/** A state whose log is whole, or goes back to a snapshot. */
async function stateWith(keep: number | undefined): Promise<readonly StatePiece[]> {
  const source = copiedStore(createMemoryStorage());
  const operations: BatchOperation[] = ['a', 'b'].map((path) => ({ op: 'set', path, value: 1 }));
  await source.apply(operations);
  if (keep !== undefined) {
    await source.copy.apply({ time: 1, requests: [{ kind: 'compact', keep }], markOf: () => ({}) });
  }
  await source.apply([{ op: 'set', path: 'a', value: 2 }]);
  const state = stateOf(source);
  await source.store.close();
  return state;
}

const full = new Error('no room');

/** How many commits a restore makes, of which one fails. No other one follows that. */
async function commitsOf(state: readonly StatePiece[], failing: number): Promise<number> {
  const { storage, copy, store } = copiedStore(createMemoryStorage());
  const commit = storage.commit.bind(storage);
  let commits = 0;
  jest.spyOn(storage, 'commit').mockImplementation(async (work) => {
    if (commits++ === failing) throw full;
    return commit(work);
  });
  try {
    await copy.restore(arriving(state));
  } catch (error) {
    expect([commits, copy.isRestoring]).toEqual([failing + 1, failing > 0]);
    throw error;
  } finally {
    await store.close();
  }
  return commits;
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a state that is restored', () => {
  it.each([
    [3_999, [3_999, 0, 0]],
    [4_000, [4_000, 0, 0, 0]],
    [9_001, [9_001, 5_001, 1_001, 0, 0]],
  ])('drops %i leaves in commits of no more than 4000', async (count, expected) => {
    const { counts, found } = await restored(await holding(count), [HEAD]);
    expect(counts).toEqual(expected);
    expect(found).toEqual([]);
  });

  it('puts leaves in the place of others in commits that look at no more than 4000', async () => {
    const next = [...leaves(0, 10, 2), ...leaves(8_500, 8_510, 2)];
    const pieces: StatePiece[] = [
      HEAD,
      { kind: 'leaves', leaves: next },
      { kind: 'leaves', leaves: leaves(8_510, 8_520, 2) },
    ];
    const { counts, found } = await restored(await holding(9_001), pieces);
    expect(found).toEqual([...next, ...leaves(8_510, 8_520, 2)]);
    expect(counts).toEqual([
      9_001,
      9_001 - 4_000 + 10,
      9_001 - 8_000 + 10,
      9_001 - 8_510 + 20,
      9_001 - 8_520 + 30,
      30,
      30,
    ]);
  });

  it('keeps the leaves of a piece that ends where a commit does', async () => {
    const pieces: StatePiece[] = [
      HEAD,
      { kind: 'leaves', leaves: leaves(0, 4_000, 2) },
      { kind: 'leaves', leaves: leaves(4_000, 4_001, 2) },
    ];
    const { counts, found } = await restored(await holding(4_001), pieces);
    expect(found).toEqual(leaves(0, 4_001, 2));
    expect(counts).toEqual([4_001, 4_001, 4_001, 4_001, 4_001]);
  });

  it('takes a piece without leaves for none', async () => {
    const pieces: StatePiece[] = [
      HEAD,
      { kind: 'leaves', leaves: leaves(0, 1) },
      { kind: 'leaves', leaves: [] },
      { kind: 'leaves', leaves: leaves(1, 2) },
    ];
    const { counts, found } = await restored(await holding(2), pieces);
    expect(found).toEqual(leaves(0, 2));
    expect(counts).toEqual([2, 2, 2, 2, 2]);
  });

  it('lets others have their turn between two commits over many leaves', async () => {
    const pieces: StatePiece[] = [HEAD, { kind: 'leaves', leaves: leaves(8_999, 9_000) }];
    const { turns } = await restored(await holding(17_500), pieces);
    const looking = turns.slice(0, -1);
    expect(looking).toHaveLength(7);
    expect(new Set(looking).size).toBe(looking.length);
  });

  it.each([
    [
      'with leaves of a snapshot',
      { keep: 1, kinds: ['head', 'leaves', 'overlay', 'operations'], commits: 6 },
    ],
    ['without them', { keep: undefined, kinds: ['head', 'leaves', 'operations'], commits: 5 }],
  ])('fails when one of its commits does, whichever that is: %s', async (_, { keep, kinds, commits }) => {
    const state = await stateWith(keep);
    expect(state.map(({ kind }) => kind)).toEqual(kinds);
    expect(await commitsOf(state, Infinity)).toBe(commits);
    for (let failing = 0; failing < commits; failing++) {
      await expect(commitsOf(state, failing)).rejects.toBe(full);
    }
  });

  it('ends what is held of the records that it replaces', async () => {
    const { copy, store } = copiedStore(await holding(3));
    const held = store.records('a').hold?.();
    expect(held?.isWhole).toBe(true);
    await copy.restore(arriving([HEAD]));
    expect(held?.isWhole).toBe(false);
    await store.close();
  });

  it('differs in nothing where it has the same leaf, also at the end of a piece', async () => {
    const { copy, store } = copiedStore(await holding(2));
    const heard: Commit[] = [];
    store.watch(Pattern.parse('**'), (commit) => heard.push(commit));
    const pieces: StatePiece[] = [0, 1, 2].map((n) => ({ kind: 'leaves', leaves: leaves(n, n + 1) }));
    const tell = await copy.restore(arriving([HEAD, ...pieces]));
    tell();
    expect(heard.map(({ operations }) => operations.map(({ path }) => path))).toEqual([[pathOf(2)]]);
    await store.close();
  });

  it('without a head is none', async () => {
    const { copy, store } = copiedStore(createMemoryStorage());
    await expect(copy.restore(arriving([]))).rejects.toThrow(
      new TypeError('a state without a head was to be restored'),
    );
    await store.close();
  });
});
