import fc from 'fast-check';
import type { Store } from '../../../src/store/index.js';
import { leavesOf, openStore, refusalOf } from './open-store.js';

const valuesOf = (store: Store): unknown[] =>
  store.list({ pattern: '**', limit: 1000 }).items.map(({ path, value }) => [path, value]);

const set = (store: Store, path: string, value: any) => store.write({ op: 'set', path, value });

describe('Store.rollback', () => {
  it('brings a path back in one operation, and leaves the rest', async () => {
    const store = openStore();
    await set(store, 'a', { x: 1, y: { z: 2 } });
    await set(store, 'a/x', 9);
    await set(store, 'b', 3);
    await store.write({ op: 'delete', path: 'a/y' });
    expect(await store.rollback({ toSeq: 1, path: 'a', deviceId: 'me' })).toEqual({
      storeSeq: 5,
      operationCount: 1,
    });
    expect(valuesOf(store)).toEqual([
      ['a/x', 1],
      ['a/y/z', 2],
      ['b', 3],
    ]);
    expect(store.log().operations.at(-1)).toEqual({
      storeSeq: 5,
      op: 'set',
      path: 'a',
      value: { x: 1, y: { z: 2 } },
      deviceId: 'me',
      clientOpId: 'rollback:1:a',
    });
  });

  it('deletes what was not there, and does nothing where nothing changed', async () => {
    const store = openStore();
    await set(store, 'a', 1);
    expect(await store.rollback({ toSeq: 1, path: 'a' })).toEqual({ storeSeq: 1, operationCount: 0 });
    expect(await store.rollback({ toSeq: 0, path: 'a' })).toEqual({ storeSeq: 2, operationCount: 1 });
    expect(store.log().operations.at(-1)).toMatchObject({ op: 'delete', path: 'a' });
    expect(await store.rollback({ toSeq: 0 })).toEqual({ storeSeq: 2, operationCount: 0 });
  });

  it('sees what an operation above the path did to it', async () => {
    const store = openStore();
    await set(store, 'a', { b: { c: 1 }, other: 1 });
    await store.write({ op: 'delete', path: 'a' });
    await store.rollback({ toSeq: 1, path: 'a/b' });
    expect(valuesOf(store)).toEqual([['a/b/c', 1]]);
    await store.rollback({ toSeq: 2, path: 'a/b' });
    expect(valuesOf(store)).toEqual([]);
  });

  it.each([['p'], [undefined]])('writes again what lies below a leaf that it writes: %s', async (path) => {
    const store = openStore();
    await set(store, 'p/a', 1);
    await set(store, 'p/a/b', 2);
    await set(store, 'p/a', 3);
    await set(store, 'p/a/b', 2);
    const past = [
      ['p/a', 1],
      ['p/a/b', 2],
    ];
    expect(await store.rollback({ toSeq: 2, ...(path && { path }) })).toEqual({
      storeSeq: 6,
      operationCount: 2,
    });
    expect(valuesOf(store)).toEqual(past);
  });

  it('deletes what lies below a leaf together with it, and leaves what is as it was', async () => {
    const store = openStore();
    await set(store, 'kept', 1);
    await set(store, 'gone', 1);
    await set(store, 'gone/below', 1);
    expect(await store.rollback({ toSeq: 1 })).toEqual({ storeSeq: 4, operationCount: 1 });
    expect(leavesOf(store)).toEqual([['kept', 1, 'integer', 1]]);
  });

  it('brings back a path that was leaf and parent', async () => {
    const store = openStore();
    await set(store, 'a/b', 'leaf');
    await set(store, 'a/b/c', 'child');
    await set(store, 'a', 'nothing of it');
    const { operationCount } = await store.rollback({ toSeq: 2, path: 'a' });
    expect(operationCount).toBe(3);
    expect(valuesOf(store)).toEqual([
      ['a/b', 'leaf'],
      ['a/b/c', 'child'],
    ]);
    expect(await store.rollback({ toSeq: 2, path: 'a' })).toMatchObject({ operationCount: 0 });
  });

  it('knows the past behind a compaction by its snapshot, and no older one', async () => {
    const store = openStore();
    await set(store, 'a', 1);
    await set(store, 'a', 2);
    await store.compact({ keep: 0 });
    await set(store, 'a', 3);
    await set(store, 'b', 4);
    expect((await refusalOf(store.rollback({ toSeq: 1 }))).detail).toBe('seq_not_kept');
    await store.rollback({ toSeq: 2 });
    expect(valuesOf(store)).toEqual([['a', 2]]);
  });

  it('refuses what is no past of the store, and bad paths', async () => {
    const store = openStore();
    expect((await refusalOf(store.rollback({ toSeq: 1 }))).detail).toBe('invalid_seq');
    expect((await refusalOf(store.rollback({ toSeq: NaN }))).detail).toBe('invalid_seq');
    expect((await refusalOf(store.rollback({ toSeq: 0, path: 'a//b' }))).detail).toBe('empty_segment');
    await store.close();
    expect((await refusalOf(store.rollback({ toSeq: 0 }))).kind).toBe('closed');
  });

  it('finds the store as it is in its turn, not as it was when it was asked for', async () => {
    const store = openStore();
    await set(store, 'a', 1);
    const writing = set(store, 'b', 2);
    const rolledBack = store.rollback({ toSeq: 1 });
    await Promise.all([writing, rolledBack]);
    expect(valuesOf(store)).toEqual([['a', 1]]);
  });

  it('cuts an id to what an id may have', async () => {
    const store = openStore();
    const path = 'ü'.repeat(400);
    await set(store, path, 1);
    await store.rollback({ toSeq: 0, path });
    expect(store.log().operations.at(-1)?.clientOpId).toHaveLength(255);
  });

  it.each(['', 'x'])('cuts no character of an id in two: behind %j', async (start) => {
    const store = openStore();
    const path = start + '😀'.repeat(200);
    await set(store, path, 1);
    await store.rollback({ toSeq: 0, path });
    const id = store.log().operations.at(-1)?.clientOpId ?? '';
    expect([id.isWellFormed(), id.length]).toEqual([true, 255]);
  });

  it('brings back any past of any store, whole or in part', async () => {
    const path = fc
      .array(fc.constantFrom('a', 'b', 'b.c', 'b-2'), { minLength: 1, maxLength: 3 })
      .map((segments) => segments.join('/'));
    const value = fc.oneof(
      fc.integer({ min: 0, max: 3 }),
      fc.constant({ a: 1, b: { a: 2 } }),
      fc.constant({}),
    );
    const operation = fc.oneof(
      fc.record({ op: fc.constant('set' as const), path, value }),
      fc.record({ op: fc.constant('delete' as const), path }),
      fc.record({ op: fc.constant('merge' as const), path, value: fc.constant({ a: 1, b: { 'b.c': 2 } }) }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(operation, { minLength: 1, maxLength: 12 }),
        fc.nat(),
        fc.nat(),
        fc.option(path),
        async (operations, pastAt, compactedAt, within) => {
          const store = openStore();
          const toSeq = pastAt % (operations.length + 1);
          const snapshotSeq = compactedAt % (toSeq + 1);
          let past = valuesOf(store);
          for (const [i, each] of operations.entries()) {
            if (i === snapshotSeq) await store.compact({ keep: 0 });
            await store.write(each);
            if (i + 1 === toSeq) past = valuesOf(store);
          }
          const isWithin = ([at]: any) => within === null || at === within || at.startsWith(`${within}/`);
          const kept = valuesOf(store).filter((leaf) => !isWithin(leaf));
          await store.rollback({ toSeq, path: within ?? undefined });
          expect(valuesOf(store).filter(isWithin)).toEqual(past.filter(isWithin));
          expect(valuesOf(store).filter((leaf) => !isWithin(leaf))).toEqual(kept);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('Store.leavesAt', () => {
  it('is a tree of its own', async () => {
    const store = openStore();
    await set(store, 'a', 1);
    await set(store, 'a', 2);
    const past = store.leavesAt(1);
    expect(past.get('a')).toEqual({ path: 'a', value: 1, type: 'integer', revision: 1 });
    past.delete('a');
    expect(leavesOf(store)).toEqual([['a', 2, 'integer', 2]]);
    expect([...store.leavesAt(0).range({})]).toEqual([]);
  });
});

describe('Store.snapshotLeaves', () => {
  it('are the leaves of the last compaction, none before it', async () => {
    const store = openStore();
    await set(store, 'a', 1);
    expect([...store.snapshotLeaves()]).toEqual([]);
    await store.compact();
    await set(store, 'a', 2);
    await set(store, 'b', 2);
    expect([...store.snapshotLeaves()].map(({ path, value }) => [path, value])).toEqual([['a', 1]]);
  });
});
