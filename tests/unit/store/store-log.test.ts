import type { StoreStorage } from '../../../src/store/index.js';
import { createMemoryStorage } from '../../../src/store/index.js';
import { leavesOf, openStore, refusalOf } from './open-store.js';

describe('Store: log', () => {
  describe('deduplication', () => {
    it('answers the first receipt and applies nothing, whatever the write', async () => {
      const store = openStore();
      const twice = async (write: () => Promise<unknown>) => {
        const first = await write();
        expect(await write()).toEqual(first);
      };
      await twice(() => store.write({ op: 'increment', path: 'n', value: 1, clientOpId: 'a' }));
      await twice(() =>
        store.writeBatch({
          operations: [
            { op: 'set', path: 'x', value: 1, ifAbsent: true },
            { op: 'delete', path: 'y' },
          ],
          clientOpId: 'b',
        }),
      );
      await twice(() => store.lease({ path: 'k', holder: 'me', clientOpId: 'c' }));
      await twice(() => store.renew({ path: 'k', token: 4, clientOpId: 'd' }));
      await twice(() => store.release({ path: 'k', token: 4, clientOpId: 'e' }));
      await twice(() =>
        store.putFile({ path: 'f', content: new Uint8Array([1]), filename: 'f', clientOpId: 'f' }),
      );
      expect(store.status().storeSeq).toBe(7);
      expect(store.get('n')?.value).toBe(1);
      expect(store.catchUp(0).operations.map(({ clientOpId }) => clientOpId)).toEqual([
        'a',
        'b:0',
        'b:1',
        'c',
        'd',
        'e',
        'f',
      ]);
    });

    it('does not remember what was refused', async () => {
      const store = openStore();
      const write = () => store.write({ op: 'set', path: 'x', value: 1, ifMatch: 1, clientOpId: 'a' });
      expect(await refusalOf(write())).toMatchObject({ kind: 'conflict' });
      await store.write({ op: 'set', path: 'x', value: 0 });
      expect(await write()).toEqual({ storeSeq: 2 });
    });

    it('gives out one id to one operation', async () => {
      const store = openStore();
      await store.write({ op: 'set', path: 'x', value: 1, clientOpId: 'a' });
      const others = [
        () => store.write({ op: 'set', path: 'y', value: 1, clientOpId: 'a' }),
        () => store.write({ op: 'delete', path: 'x', clientOpId: 'a' }),
        () => store.lease({ path: 'x', clientOpId: 'a' }),
      ];
      for (const other of others) {
        expect(await refusalOf(other())).toMatchObject({ detail: 'client_op_id_reused' });
      }
      await store.writeBatch({ operations: [{ op: 'delete', path: 'x' }], clientOpId: 'b' });
      const longer = [
        { op: 'delete', path: 'x' },
        { op: 'delete', path: 'x' },
      ] as const;
      expect(await refusalOf(store.writeBatch({ operations: longer, clientOpId: 'b' }))).toMatchObject({
        opIndex: 1,
      });
    });

    it('forgets what the log no longer keeps', async () => {
      const store = openStore();
      const write = () => store.write({ op: 'increment', path: 'n', value: 1, clientOpId: 'a' });
      await write();
      await store.compact({ keep: 1 });
      expect(await write()).toEqual({ storeSeq: 1 });
      await store.compact({ keep: 0 });
      expect(await write()).toEqual({ storeSeq: 2 });
    });

    it('tells writers apart, and makes up ids for those who give none', async () => {
      const store = openStore();
      await store.write({ op: 'delete', path: 'x', deviceId: 'me', clientOpId: 'mine' });
      await store.write({ op: 'delete', path: 'x' });
      await store.write({ op: 'delete', path: 'x' });
      const [mine, other, another] = store.catchUp(0).operations;
      expect(mine).toEqual({
        storeSeq: 1,
        op: 'delete',
        path: 'x',
        value: null,
        deviceId: 'me',
        clientOpId: 'mine',
      });
      expect(other?.deviceId).toBeNull();
      expect(other?.clientOpId).not.toBe(another?.clientOpId);
    });
  });

  describe('catch-up', () => {
    it('gives the operations since, and the snapshot to those behind it', async () => {
      const store = openStore();
      await store.write({ op: 'set', path: 'a', value: 1 });
      await store.write({ op: 'set', path: 'gone', value: 2 });
      await store.write({ op: 'delete', path: 'gone' });
      await store.write({ op: 'set', path: 'b', value: 3 });
      await store.compact();
      await store.write({ op: 'set', path: 'a', value: 4 });
      await store.write({ op: 'delete', path: 'b' });
      const entries = [
        { path: 'a', value: 1, type: 'integer', revision: 1 },
        { path: 'b', value: 3, type: 'integer', revision: 4 },
      ];
      expect(store.catchUp(3)).toEqual({
        snapshot: { seq: 4, entries },
        operations: [expect.objectContaining({ storeSeq: 5 }), expect.objectContaining({ storeSeq: 6 })],
        throughSeq: 6,
      });
      expect(store.catchUp(0).snapshot?.entries).toEqual(entries);
      expect(store.catchUp(4)).toEqual({ operations: [expect.anything(), expect.anything()], throughSeq: 6 });
      expect(store.catchUp(6)).toEqual({ operations: [], throughSeq: 6 });
      expect(store.catchUp(9)).toEqual({ operations: [], throughSeq: 6 });
    });

    it.each([-1, 0.5, NaN])('refuses to begin at %s', async (since) => {
      expect(await refusalOf(() => openStore().catchUp(since))).toMatchObject({ detail: 'invalid_seq' });
    });
  });

  describe('compaction', () => {
    const countPuts = (storage: StoreStorage) => jest.spyOn(storage.overlay, 'put');

    it('copies a leaf only when it is changed for the first time after it', async () => {
      const storage = createMemoryStorage();
      const store = openStore({ storage });
      const range = jest.spyOn(storage.leaves, 'range');
      const puts = countPuts(storage);
      await store.write({ op: 'set', path: 'r', value: { a: 1, b: 2, c: 3 } });
      await store.compact();
      expect(range).not.toHaveBeenCalled();
      await store.write({ op: 'set', path: 'r/a', value: 4 });
      await store.write({ op: 'set', path: 'r/a', value: 5 });
      await store.write({ op: 'set', path: 'r/new', value: 6 });
      await store.write({ op: 'delete', path: 'r' });
      await store.write({ op: 'set', path: 'r/b', value: 7 });
      expect(puts.mock.calls.map(([leaf]) => [leaf.path, leaf.value])).toEqual([
        ['r/a', 1],
        ['r/b', 2],
        ['r/c', 3],
      ]);
      expect(store.catchUp(0).snapshot?.entries.map(({ value }) => value)).toEqual([1, 2, 3]);
    });

    it('keeps as much of the log as it is told', async () => {
      const store = openStore({ log: { keep: 2 } });
      for (let i = 0; i < 5; i++) await store.write({ op: 'set', path: 'a', value: i });
      await store.compact({ keep: 3 });
      expect(store.status()).toEqual({ storeSeq: 5, snapshotSeq: 5, operationCount: 3 });
      await store.compact();
      expect(store.status().operationCount).toBe(2);
      await store.compact({ keep: 100 });
      expect(store.status().operationCount).toBe(2);
      expect(await refusalOf(store.compact({ keep: -1 }))).toMatchObject({ detail: 'invalid_keep' });
    });

    it('comes by itself when the log passes its limit', async () => {
      const store = openStore({ log: { keep: 1, limit: 3 } });
      for (let i = 1; i <= 3; i++) await store.write({ op: 'set', path: 'a', value: i });
      expect(store.status()).toMatchObject({ snapshotSeq: 0, operationCount: 3 });
      await store.writeBatch({
        operations: [
          { op: 'set', path: 'a', value: 4 },
          { op: 'set', path: 'b', value: 5 },
        ],
      });
      expect(store.status()).toEqual({ storeSeq: 5, snapshotSeq: 5, operationCount: 1 });
      expect(leavesOf(store)).toEqual([
        ['a', 4, 'integer', 4],
        ['b', 5, 'integer', 5],
      ]);
    });

    it.each([{ keep: 2, limit: 1 }, { keep: -1 }, { limit: 0.5 }])('refuses limits %j', async (log) => {
      expect(await refusalOf(() => openStore({ log }))).toMatchObject({ kind: 'invalid_options' });
    });

    it.each([{ keep: 200_000 }, { limit: 10 }, {}])('finds the other limit to %j', (log) => {
      expect(() => openStore({ log })).not.toThrow();
    });
  });
});
