import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { StoreStorage } from '../../../src/store/index.js';
import { Store, createMemoryStorage } from '../../../src/store/index.js';
import { openLmdbStorage } from '../../../src/store/lmdb/index.js';
import { useDataFolder } from './lmdb/data-folder.js';
import { StoppedClock, openStore } from './open-store.js';

const FILE = { path: 'f', filename: 'f.txt', content: Buffer.from('12345') };

const folder = useDataFolder();

const openLmdb = () => openLmdbStorage({ path: folder.path });

describe('Store.size', () => {
  it.each<[string, () => Promise<StoreStorage>]>([
    ['memory', () => Promise.resolve(createMemoryStorage())],
    ['LMDB', openLmdb],
  ])('counts leaves and contents of files, in %s', async (name, open) => {
    const store = new Store({ storage: await open() });
    expect(store.size()).toMatchObject({ leafCount: 0, fileBytes: 0 });
    await store.write({ op: 'set', path: 'a', value: { x: 1, y: 2 } });
    await store.putFile(FILE);
    await store.putFile({ ...FILE, path: 'g' });
    await store.write({ op: 'delete', path: 'a/x' });
    expect(store.size()).toMatchObject({ leafCount: 3, fileBytes: 5 });
    const stored = name === 'LMDB' ? statSync(join(folder.path, 'data.mdb')).size : 0;
    expect(store.size().storedBytes).toBe(stored);
    await store.close();
  });

  it('counts what an earlier process stored, and names its files', async () => {
    const before = new Store({ storage: await openLmdb() });
    const { hash } = await before.putFile(FILE);
    await before.close();
    const after = new Store({ storage: await openLmdb() });
    expect(after.size()).toMatchObject({ leafCount: 1, fileBytes: 5 });
    expect(await after.file(hash)).toMatchObject({
      filename: 'f.txt',
      contentType: 'application/octet-stream',
    });
    await after.close();
  });

  it('counts where the storage does not know', async () => {
    const { measure: _, ...storage } = createMemoryStorage();
    const store = openStore({ storage });
    await store.write({ op: 'set', path: 'a', value: { x: 1, y: 2 } });
    expect(store.size()).toEqual({ leafCount: 2, fileBytes: 0, storedBytes: 0 });
  });
});

describe('Store.recentHistory', () => {
  it('tells the last ten operations and the last compaction, with their times', async () => {
    const clock = new StoppedClock();
    const store = openStore({ clock });
    expect(store.recentHistory()).toEqual({ operations: [], compactedAt: null });
    await store.writeBatch({
      operations: Array.from({ length: 12 }, (_, i) => ({ op: 'set', path: `k/${i}`, value: i })),
    });
    const committedAt = clock.time;
    await store.compact();
    clock.time += 1000;
    await store.write({ op: 'set', path: 'last', value: 1, clientOpId: 'x' });
    await store.write({ op: 'set', path: 'last', value: 1, clientOpId: 'x' });
    const { operations, compactedAt } = store.recentHistory();
    expect(
      operations.map(({ operation, committedAt: at }) => [operation.storeSeq, at - committedAt]),
    ).toEqual([[13, 1000], ...[12, 11, 10, 9, 8, 7, 6, 5, 4].map((seq) => [seq, 0])]);
    expect(compactedAt).toBe(committedAt);
  });

  it('does not know when a compaction of an earlier process was made', async () => {
    const before = new Store({ storage: await openLmdb() });
    await before.write({ op: 'set', path: 'a', value: 1 });
    await before.compact();
    await before.close();
    const after = new Store({ storage: await openLmdb() });
    expect(after.status().snapshotSeq).toBe(1);
    expect(after.recentHistory()).toEqual({ operations: [], compactedAt: null });
    await after.close();
  });
});
