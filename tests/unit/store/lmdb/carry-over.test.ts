import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ChangeHub, Store, StoreIndexes } from '../../../../src/store/index.js';
import { verifyFolder } from '../../../../src/store/lmdb/damage/index.js';
import { inspectFolder, openLmdbStorage, restoreBackup } from '../../../../src/store/lmdb/index.js';
import { newOwnerRecord } from '../../../../src/store/lmdb/ownership/owner-record.js';
import { Ownership } from '../../../../src/store/lmdb/ownership/ownership.js';
import { PATH_KEYS } from '../../../../src/store/lmdb/path-key.js';
import type { StoreStorage } from '../../../../src/store/storage.js';
import { Mirror } from '../../../../src/sync/mirror/mirror.js';
import { PrefixScope } from '../../../../src/sync/mirror/prefix-scope.js';
import { snapshotDiff } from '../../../../src/sync/mirror/snapshot-diff.js';
import { openBeside, putBehind } from './behind-its-back.js';
import { useDataFolder } from './data-folder.js';
import { expected, makeOldFolder, written } from './format-2/folder.js';

const folder = useDataFolder();
const opened: StoreStorage[] = [];
const openStorage = async (path = folder.path, verify = false): Promise<StoreStorage> => {
  const storage = await openLmdbStorage({ path, verify });
  opened.push(storage);
  return storage;
};

afterEach(async () => {
  jest.restoreAllMocks();
  for (const storage of opened.splice(0)) await storage.close();
});

/** Everything the folder held is read as it was. */
async function expectContents(path = folder.path): Promise<void> {
  const storage = await openStorage(path);
  const store = new Store({ storage });
  expect([...storage.leaves.range({})]).toStrictEqual(expected.leaves);
  expect([...storage.leaves.range({ reverse: true })]).toStrictEqual(expected.leaves.toReversed());
  for (const leaf of expected.leaves) expect(storage.leaves.get(leaf.path)).toStrictEqual(leaf);
  expect(store.size().leafCount).toBe(expected.leafCount);
  expect(store.status().storeSeq).toBe(expected.storeSeq);
  expect(store.log({ limit: 1000 }).operations.map(written)).toStrictEqual(expected.log);
  const { snapshot, operations } = store.catchUp(0);
  expect(snapshot).toStrictEqual(expected.snapshot);
  expect(operations.map(written)).toStrictEqual(expected.operations);
  for (const { hash, content, contentType, filename } of expected.files) {
    const file = await store.file(hash);
    expect(file).toMatchObject({ contentType, filename });
    expect(Buffer.from(file!.content).toString('base64')).toBe(content);
  }
  await store.close();
}

const formatOf = async (path: string): Promise<unknown> => {
  const root = openBeside(path);
  const format: unknown = root.openDB('dust-orm', { encoding: 'json' }).get('format');
  await root.close();
  return format;
};
const databasesOf = async (path: string): Promise<string[]> => {
  const root = openBeside(path);
  const names = [...root.getKeys()].map(String);
  await root.close();
  return names;
};

describe('a folder of format 2', () => {
  it.each([1, 2])('opens, of version %i too, and reads the same', async (version) => {
    makeOldFolder('store', folder.path, version);
    await putBehind(folder.path, 'dust-orm', { encoding: 'json' }, ['format', version]);
    await expectContents();
    expect(readFileSync(join(folder.path, 'FORMAT'), 'utf8')).toBe('3\n');
    expect(await formatOf(folder.path)).toBe(3);
    expect(await databasesOf(folder.path)).not.toEqual(expect.arrayContaining(['leaves']));
    expect(await databasesOf(folder.path)).not.toEqual(expect.arrayContaining(['overlay']));
    // And once more, when nothing is left to carry over.
    await expectContents();
  });

  it('is whole before and after, and tells the same number of leaves', async () => {
    makeOldFolder('store', folder.path);
    const before = await inspectFolder(folder.path);
    expect([before?.lost.told, before?.leaves, before?.format]).toEqual([[], expected.leafCount, 2]);
    await (await openStorage(folder.path, true)).close();
    const after = await inspectFolder(folder.path);
    expect([after?.lost.told, after?.leaves, after?.format]).toEqual([[], expected.leafCount, 3]);
  });

  it('is written to as any other afterwards', async () => {
    makeOldFolder('store', folder.path);
    const store = new Store({ storage: await openStorage() });
    await store.write({ op: 'set', path: 'people/p1/age', value: 100 });
    await store.write({ op: 'delete', path: 'wide' });
    expect(store.get('people/p1/age')).toMatchObject({ value: 100, revision: expected.storeSeq + 1 });
    expect(store.exists('wide')).toBe(false);
    expect(store.catchUp(0).snapshot).toStrictEqual(expected.snapshot);
    await store.close();
    expect((await verifyFolder(folder.path)).lost.told).toEqual([]);
  });

  it('that is a backup is restored, and opens', async () => {
    const [backup, path] = [join(folder.path, 'backup'), join(folder.path, 'restored')];
    makeOldFolder('store', backup);
    expect(await restoreBackup({ backup, path })).toEqual({ stores: 1, leaves: expected.leafCount });
    await expectContents(path);
  });

  it('backs up what it holds when it was carried over', async () => {
    makeOldFolder('store', join(folder.path, 'old'));
    const storage = await openStorage(join(folder.path, 'old'));
    await storage.backup?.(join(folder.path, 'copy'));
    await storage.close();
    rmSync(join(folder.path, 'old'), { recursive: true });
    await expectContents(join(folder.path, 'copy'));
  });

  it('of a mirror is the mirror it was', async () => {
    makeOldFolder('mirror', folder.path);
    const storage = await openStorage();
    const { store, prefixes, leafCount } = expected.mirror;
    const hub = new ChangeHub((error) => {
      throw error;
    });
    const parts = { snapshotDiff, persistedSeq: (seq: number) => seq };
    const [indexes, scope] = [new StoreIndexes(storage), new PrefixScope(prefixes)];
    const mirror = new Mirror({ store, storage, hub, indexes, scope, parts });
    expect(mirror.storeSeq).toBe(expected.storeSeq);
    const kept = expected.leaves.filter(({ path }) =>
      prefixes.some((prefix) => path.startsWith(`${prefix}/`)),
    );
    expect([...storage.leaves.range({})]).toStrictEqual(kept);
    expect(storage.measure?.().leafCount).toBe(leafCount);
  });

  it('with a damaged leaf is refused, in words that name it', async () => {
    makeOldFolder('store', folder.path);
    const options = { encoding: 'binary', keyEncoder: PATH_KEYS } as const;
    await putBehind(folder.path, 'leaves', options, ['people/p3/age', Buffer.from('[1,')]);
    await expect(openStorage()).rejects.toEqual(
      expect.objectContaining({
        kind: 'storage',
        detail: 'corrupt',
        message: expect.stringMatching(/as the leaf "people\/p3\/age" cannot be read/),
      }),
    );
  });
});

describe('what is carried over', () => {
  const options = { encoding: 'json', keyEncoder: PATH_KEYS } as const;
  const countOfClaims = (): (() => number) => {
    const claimed = jest.spyOn(Ownership.prototype, 'claimed');
    // The last one is that of the opening itself.
    return () => claimed.mock.calls.length - 1;
  };
  /** A folder of format 2 with leaves that are there for their number or their length alone. */
  const fill = async (count: number, length: number): Promise<void> => {
    makeOldFolder('store', folder.path);
    const leaves = Array.from(
      { length: count },
      (_, i) => [`zz/n${String(i).padStart(5, '0')}`, [1, 'string', 'x'.repeat(length)]] as const,
    );
    await putBehind(folder.path, 'leaves', options, ...leaves);
  };

  // Each database takes one more, which finds it empty and drops it, and that of the snapshot is small.
  it.each([
    ['nothing else', 0, 0, 1],
    ['a few thousand leaves', 4_100, 1, 3],
    ['a few long leaves', 6, 400_000, 3],
  ])('is so in transactions that are short: %s', async (_, count, length, transactions) => {
    await fill(count, length);
    const claims = countOfClaims();
    const storage = await openStorage();
    expect(claims()).toBe(transactions + 1 + (1 + 1));
    expect([...storage.leaves.range({})]).toHaveLength(expected.leafCount + count);
    expect(storage.measure?.().leafCount).toBe(expected.leafCount + count);
  });

  it('stays where it is once somebody else has taken the folder, and the next opening goes on', async () => {
    await fill(4_100, 1);
    const other = newOwnerRecord();
    let beside: ReturnType<typeof openBeside> | undefined;
    const claimed = Ownership.prototype.claimed;
    const spied = jest.spyOn(Ownership.prototype, 'claimed').mockImplementation(function (this: Ownership) {
      claimed.call(this);
      if (spied.mock.calls.length !== 3) return;
      beside = openBeside(folder.path);
      beside.openDB('dust-orm', { encoding: 'json' }).putSync('owner', other);
    });
    await expect(openStorage()).rejects.toMatchObject({ kind: 'storage', detail: 'locked' });
    expect(spied).toHaveBeenCalledTimes(3);
    await beside?.close();
    jest.restoreAllMocks();
    expect(await databasesOf(folder.path)).toContain('leaves');
    const storage = await openStorage();
    expect([...storage.leaves.range({})]).toHaveLength(expected.leafCount + 4_100);
    expect(await databasesOf(folder.path)).not.toContain('leaves');
  });
});

describe('the number of leaves', () => {
  it('that is lost is found at the opening, and one that is wrong by a walk', async () => {
    const store = new Store({ storage: await openStorage() });
    await store.write({ op: 'set', path: 'a', value: { b: 1, c: 2 } });
    await store.close();
    await putBehind(folder.path, 'dust-orm', { encoding: 'json' }, ['leaves', 3]);
    expect((await verifyFolder(folder.path)).lost.told).toEqual([
      'the number of leaves (it is noted as 3, and there are 2)',
    ]);
    await putBehind(folder.path, 'dust-orm', { encoding: 'json' }, ['leaves', 'x']);
    await expect(openStorage()).rejects.toEqual(
      expect.objectContaining({ detail: 'corrupt', message: expect.stringMatching('their number is lost') }),
    );
  });
});
