import type { Leaf } from '../../../../../src/protocol/values/value.js';
import { verifyFolder } from '../../../../../src/store/lmdb/damage/index.js';
import { openLmdbStorage } from '../../../../../src/store/lmdb/index.js';
import { GROUP_KEYS, TOP, partKey } from '../../../../../src/store/lmdb/leaves/group-key.js';
import { IN_PARTS } from '../../../../../src/store/lmdb/leaves/group-text.js';
import type { LeafTree } from '../../../../../src/store/leaf-tree.js';
import { Store } from '../../../../../src/store/store.js';
import { openBeside } from '../behind-its-back.js';
import { useDataFolder } from '../data-folder.js';

const folder = useDataFolder();

/** A store with a large leaf, a group that is split and one that lies deeper. */
beforeEach(async () => {
  const store = new Store({ storage: await openLmdbStorage({ path: folder.path }) });
  await store.write({ op: 'set', path: 'r', value: { count: 1, text: 'x'.repeat(5000), deep: { er: 1 } } });
  const wide = Object.fromEntries(
    Array.from({ length: 200 }, (_, i) => [`k${i.toString().padStart(3, '0')}`, i]),
  );
  await store.write({ op: 'set', path: 'wide', value: wide });
  await store.write({ op: 'set', path: 'top', value: 1 });
  await store.close();
});

type Change = (db: {
  get(key: string): string;
  put(key: string, text: string): void;
  remove(key: string): void;
}) => void;

/** Changes the leaves behind the store's back, as nothing but a fault of this package would. */
async function changeBehind(change: Change): Promise<void> {
  const root = openBeside(folder.path);
  const db = root.openDB<string, string>('leaf-groups', {
    encoding: 'string',
    keyEncoder: GROUP_KEYS,
  } as object);
  change({
    get: (key) => db.get(key) ?? '',
    put: (key, text) => db.putSync(key, text),
    remove: (key) => void db.removeSync(key),
  });
  await root.close();
}

async function lostAfter(change: Change): Promise<readonly string[]> {
  await changeBehind(change);
  return (await verifyFolder(folder.path)).lost.told;
}

it('nothing is found where nothing is wrong', async () => {
  expect(await lostAfter(() => undefined)).toEqual([]);
});

it.each<[string, Change, readonly string[]]>([
  ['a large leaf that is gone', (db) => db.remove('r/text'), ['the leaf "r/text" (it is missing)']],
  [
    'a large leaf that no group names',
    (db) => db.put('r/other', '[1,"string","x"]'),
    ['the leaf "r/other" (no group names it)'],
  ],
  [
    'parts without their group',
    (db) => db.put('wide/', '\nk\t2\t\t1\n'),
    ['the leaves directly below "wide" from "" (its group is not split)'],
  ],
  [
    'a group without its parts',
    (db) => db.put('r/', IN_PARTS),
    ['the leaf "r/text" (no group names it)', 'the leaves directly below "r" (they are missing)'],
  ],
  [
    'a group that is gone, with others below it',
    (db) => db.remove('r/'),
    ['the leaves directly below "r" (they are missing)', 'the leaf "r/text" (no group names it)'],
  ],
  [
    'leaves out of order',
    (db) => db.put('r/deep/', '\ner\t1\t\t1\nea\t1\t\t1\n'),
    ['the leaf "r/deep/ea" (it is out of order)'],
  ],
  [
    'a leaf that is there twice',
    (db) => db.put('r/deep/', '\ner\t1\t\t1\ner\t1\t\t1\n'),
    ['the leaf "r/deep/er" (it is out of order)'],
  ],
  [
    'a leaf with more behind its value',
    (db) => db.put('r/deep/', '\ner\t1\t\t1\t1\n'),
    ['the leaf "r/deep/er" (its value cannot be read)'],
  ],
  [
    'a leaf of another type than its value has, and one without a revision',
    (db) => db.put('r/deep/', '\na\t1\tno-type\t1\ner\t\t\t1\n'),
    [
      'the leaf "r/deep/a" (its revision and type cannot be read)',
      'the leaf "r/deep/er" (its revision and type cannot be read)',
    ],
  ],
  [
    'a name that cannot be read',
    (db) => db.put('r/deep/', '\n"er\t1\t\t1\n'),
    ['the leaves directly below "r/deep" (one of them cannot be read)'],
  ],
  ['a top that cannot be read', (db) => db.put(TOP, 'top'), ['the leaves at the top (they cannot be read)']],
  [
    'a part that cannot be read',
    (db) => db.put(partKey('wide/', ''), ''),
    ['the leaves directly below "wide" from "" (they cannot be read)'],
  ],
])('%s', async (_, change, lost) => {
  expect((await lostAfter(change)).slice(0, lost.length)).toEqual(lost);
});

describe('what cannot be read is said to be damaged, and is not left out', () => {
  const BAD_NAME = '\n"er\t1\t\t1\nzz\t1\t\t1\n';
  const BAD_VALUE = '\ner\t1\t\t{\nzz\t1\t\t1\n';
  const another: Leaf = { path: 'r/deep/a', value: 2, type: 'integer', revision: 9 };
  const ends = { from: 'r/deep/a', to: 'r/deep/zz' };
  const cases: readonly [what: string, text: string, read: (leaves: LeafTree) => unknown][] = [
    ['a name, in a walk', BAD_NAME, (leaves) => [...leaves.range({})]],
    ['a name, in a walk back', BAD_NAME, (leaves) => [...leaves.range({ reverse: true })]],
    ['a name, in a stretch', BAD_NAME, (leaves) => [...leaves.range(ends)]],
    ['a name, in a stretch back', BAD_NAME, (leaves) => [...leaves.range({ ...ends, reverse: true })]],
    ['a name, behind a place', BAD_NAME, (leaves) => [...leaves.range({ after: 'r/deep/a' })]],
    ['a name, below a path', BAD_NAME, (leaves) => leaves.subtree?.('r/deep')],
    ['a value, in a walk', BAD_VALUE, (leaves) => [...leaves.range({})]],
    ['a value, in a walk back', BAD_VALUE, (leaves) => [...leaves.range({ reverse: true })]],
    ['a value, in a stretch', BAD_VALUE, (leaves) => [...leaves.range(ends)]],
    ['a value, in a stretch back', BAD_VALUE, (leaves) => [...leaves.range({ ...ends, reverse: true })]],
    ['a value, behind a place', BAD_VALUE, (leaves) => [...leaves.range({ after: 'r/deep/a' })]],
    ['a value, below a path', BAD_VALUE, (leaves) => leaves.subtree?.('r/deep')],
    ['a value, by its path', BAD_VALUE, (leaves) => leaves.get('r/deep/er')],
  ];

  it.each(cases)('%s', async (_, text, read) => {
    await changeBehind((db) => {
      db.put('r/deep/', text);
    });
    const storage = await openLmdbStorage({ path: folder.path });
    try {
      expect(() => read(storage.leaves)).toThrow(
        expect.objectContaining({
          kind: 'storage',
          detail: 'corrupt',
          message: expect.stringContaining('the leaves directly below "r/deep" cannot be read'),
        }),
      );
      // Others are read all the same.
      expect(storage.leaves.get('r/count')?.value).toBe(1);
    } finally {
      await storage.close();
    }
  });

  it.each<[string, string, (leaves: LeafTree) => unknown]>([
    ['a value, by its path', BAD_VALUE, (leaves) => leaves.get('r/deep/er')],
    ['a name, beside which another leaf is put', BAD_NAME, (leaves) => leaves.put(another)],
  ])('in a transaction, which is undone: %s', async (_, text, work) => {
    await changeBehind((db) => {
      db.put('r/deep/', text);
    });
    const storage = await openLmdbStorage({ path: folder.path });
    try {
      const done = storage.commit(() => {
        storage.leaves.put({ ...another, path: 'r/count' });
        work(storage.leaves);
      });
      await expect(done).rejects.toMatchObject({ kind: 'storage', detail: 'corrupt' });
      expect(storage.leaves.get('r/count')?.value).toBe(1);
    } finally {
      await storage.close();
    }
  });
});
