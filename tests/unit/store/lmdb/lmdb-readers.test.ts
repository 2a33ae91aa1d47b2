import type { Leaf } from '../../../../src/protocol/values/value.js';
import { isEmpty, LeafCursor, Store } from '../../../../src/store/index.js';
import { openLmdbStorage } from '../../../../src/store/lmdb/index.js';
import { mergeLeaves } from '../../../../src/store/reading/merge-leaves.js';
import type { StoreStorage } from '../../../../src/store/storage.js';
import { snapshotDiff } from '../../../../src/sync/mirror/snapshot-diff.js';
import { stillHeld } from '../../garbage.js';
import { useDataFolder } from './data-folder.js';
import { readersOf } from './readers.js';

/** More than the 126 readers that LMDB has room for. */
const TIMES = 200;

const folder = useDataFolder();
let storage: StoreStorage;
let store: Store;

beforeEach(async () => {
  storage = await openLmdbStorage({ path: folder.path });
  store = new Store({ storage });
  for (const name of ['a', 'b', 'c']) await store.write({ op: 'set', path: `p/${name}`, value: name });
});
afterEach(() => store.close());

/** Commits in between, because readers of one state share a transaction. */
const repeat = async (read: (leaves: () => Iterable<Leaf>) => unknown) => {
  const before = await readersOf(folder.path);
  for (let i = 0; i < TIMES; i++) {
    read(() => storage.leaves.range({}));
    await store.write({ op: 'set', path: 'p/a', value: i });
  }
  expect(await readersOf(folder.path)).toBeLessThanOrEqual(before + 1);
};

it('a store counts who reads its folder, each moment that is held between two commits', async () => {
  const moments = [];
  for (let i = 0; i < 3; i++) {
    moments.push(storage.hold());
    await store.write({ op: 'set', path: 'p/a', value: i });
  }
  const { readers } = store.condition();
  expect(readers).toBe(await readersOf(folder.path));
  expect(readers).toBeGreaterThanOrEqual(3);
  for (const moment of moments) moment.release();
});

it('a moment that is let go of is forgotten', async () => {
  const take = (): WeakRef<object> => {
    const moment = storage.hold();
    moment.release();
    return new WeakRef(moment);
  };
  // LMDB itself has the latest one at hand.
  expect(await stillHeld([take(), take(), take()])).toBeLessThanOrEqual(1);
});

describe('no LMDB reader is held when a read is over', () => {
  it('by exists()', () => repeat(() => store.exists('p')));

  it('by a moment that is let go of, however far it was read', () =>
    repeat(() => {
      const moment = storage.hold();
      for (const leaf of moment.leaves(undefined)) if (leaf.path === 'p/b') break;
      moment.release();
    }));

  it('by a run that is asked for one leaf', () => repeat((leaves) => isEmpty(leaves())));

  it('by a cursor that is closed early', () =>
    repeat((leaves) => {
      const cursor = new LeafCursor(leaves());
      cursor.next();
      cursor.close();
    }));

  it('by two runs of leaves that are left early', () =>
    repeat((leaves) => {
      for (const leaf of mergeLeaves([], leaves())) return leaf;
      return undefined;
    }));

  it('by a comparison that fails', () =>
    repeat((leaves) => {
      const broken = (function* (): Generator<Leaf> {
        yield { path: 'p/0', value: 0, type: 'integer', revision: 1 };
        throw new Error('cut');
      })();
      expect(() => snapshotDiff(leaves(), broken)).toThrow('cut');
    }));
});
