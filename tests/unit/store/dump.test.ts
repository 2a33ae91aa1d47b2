import type { DumpedLeaf } from '../../../src/protocol/wire/dump.js';
import { exportLeaves, importLeaves } from '../../../src/store/index.js';
import { openStore, refusalOf } from './open-store.js';

const leaf = (path: string, value: DumpedLeaf['value'], type: DumpedLeaf['type']): DumpedLeaf => ({
  path,
  value,
  type,
});

describe('importLeaves', () => {
  it('replaces what lay at and below each path, and leaves the rest', async () => {
    const store = openStore();
    await store.write({ op: 'set', path: 'a', value: { x: 1, y: 2 } });
    await store.write({ op: 'set', path: 'other', value: 1 });
    const receipt = await importLeaves(store, [leaf('a', 'leaf', 'string')]);
    expect(receipt).toEqual({ imported: 1, storeSeq: 3 });
    expect([...exportLeaves(store)]).toEqual([leaf('a', 'leaf', 'string'), leaf('other', 1, 'integer')]);
  });

  it('keeps parents and children apart in whichever order they come, and the later of two at one path', async () => {
    const store = openStore();
    await importLeaves(store, [leaf('a/b', 1, 'integer'), leaf('a', 2, 'counter'), leaf('a/b', 3, 'float')]);
    expect([...exportLeaves(store)]).toEqual([leaf('a', 2, 'counter'), leaf('a/b', 3, 'float')]);
  });

  it('writes a parent before what lies below it', async () => {
    const store = openStore();
    await importLeaves(store, [leaf('a/b', 1, 'integer'), leaf('a', 2, 'counter')]);
    expect([...exportLeaves(store)]).toEqual([leaf('a', 2, 'counter'), leaf('a/b', 1, 'integer')]);
  });

  it('lets others have their turn between two batches, and writes none behind one that fails', async () => {
    const store = openStore();
    const leaves = Array.from({ length: 2500 }, (_, i) => leaf(`k/${i}`, i, 'integer'));
    const seen: number[] = [];
    const watch = (): void => {
      seen.push(store.status().storeSeq);
      if (seen.at(-1)! < 2500) setImmediate(watch);
    };
    watch();
    await importLeaves(store, leaves);
    expect(seen).toEqual(expect.arrayContaining([1000, 2000]));
    const writeBatch = jest.spyOn(store, 'writeBatch');
    writeBatch.mockRejectedValueOnce(new Error('full'));
    await expect(importLeaves(store, leaves)).rejects.toThrow('full');
    expect(writeBatch).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['a bad path', leaf('z//b', 1, 'integer')],
    ['a path too long', leaf('z'.repeat(4000), 1, 'integer')],
    ['a value that is not JSON', leaf('z', NaN, 'float')],
  ])('writes nothing when the last of many has %s', async (_, bad) => {
    const store = openStore();
    const leaves = Array.from({ length: 2500 }, (__, i) => leaf(`k/${i}`, i, 'integer'));
    await refusalOf(importLeaves(store, [...leaves, bad]));
    expect(store.status().storeSeq).toBe(0);
  });

  it('says in the log who imported', async () => {
    const store = openStore();
    await importLeaves(store, [leaf('a', 1, 'integer')], { deviceId: 'importer' });
    expect(store.log().operations[0]).toMatchObject({ op: 'set', deviceId: 'importer' });
  });
});

describe('exportLeaves', () => {
  it('reads pages as they are asked for, and ends where nothing is', async () => {
    const store = openStore();
    expect([...exportLeaves(store)]).toEqual([]);
    await importLeaves(
      store,
      Array.from({ length: 1000 }, (_, i) => leaf(`k/${i}`, i, 'integer')),
    );
    const list = jest.spyOn(store, 'list');
    const leaves = exportLeaves(store);
    leaves.next();
    expect(list).toHaveBeenCalledTimes(1);
    expect([...leaves]).toHaveLength(999);
    expect(list).toHaveBeenCalledTimes(1);
    await store.write({ op: 'set', path: 'z', value: 1 });
    expect([...exportLeaves(store)]).toHaveLength(1001);
    expect(list).toHaveBeenCalledTimes(3);
  });
});
