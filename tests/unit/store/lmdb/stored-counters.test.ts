import type { GuardedDatabase } from '../../../../src/store/lmdb/guarded-database.js';
import { StoredCounters } from '../../../../src/store/lmdb/stored-counters.js';
import { WriteScope } from '../../../../src/store/lmdb/write-scope.js';

/** Counters over what is stored, and what was put there. */
function scene(stored?: unknown) {
  const put = jest.fn((_key: string, value: unknown) => {
    at.stored = value;
  });
  const at = { stored };
  const meta = { get: () => at.stored, put } as unknown as GuardedDatabase<unknown, string>;
  const scope = new WriteScope(() => new Error('a write outside of a transaction'));
  return { at, put, scope, counters: new StoredCounters(meta, scope) };
}

const COUNTERS = { storeSeq: 9, snapshotSeq: 4 };

describe('the counters of a store', () => {
  it.each<[unknown, unknown]>([
    [undefined, { storeSeq: 0, snapshotSeq: 0 }],
    [null, { storeSeq: 0, snapshotSeq: 0 }],
    ['text', { storeSeq: 0, snapshotSeq: 0 }],
    [{ storeSeq: 9 }, { storeSeq: 0, snapshotSeq: 0 }],
    [{ snapshotSeq: 4 }, { storeSeq: 0, snapshotSeq: 0 }],
    [
      { storeSeq: '9', snapshotSeq: 4 },
      { storeSeq: 0, snapshotSeq: 0 },
    ],
    [COUNTERS, COUNTERS],
    [
      { ...COUNTERS, leasedAt: 100 },
      { ...COUNTERS, leasedAt: 100 },
    ],
    [{ ...COUNTERS, leasedAt: 'x', more: 1 }, COUNTERS],
    [
      { ...COUNTERS, restoring: true },
      { ...COUNTERS, restoring: true },
    ],
    [{ ...COUNTERS, restoring: 1 }, COUNTERS],
    [{ ...COUNTERS, logged: 'x' }, COUNTERS],
  ])('%j are read as %j', (stored, counters) => {
    expect(scene(stored).counters.current).toEqual(counters);
  });

  it('are written once for all changes of a transaction, and not without one', () => {
    const { counters, put, scope } = scene(COUNTERS);
    counters.flush();
    expect(put).not.toHaveBeenCalled();
    scope.run(() => {
      counters.write({ storeSeq: 10, snapshotSeq: 4 });
      counters.write({ storeSeq: 11, snapshotSeq: 4 });
    });
    expect([put.mock.calls.length, counters.current.storeSeq, scope.writes]).toEqual([0, 11, 2]);
    counters.flush();
    counters.flush();
    expect(put.mock.calls).toEqual([['counters', { storeSeq: 11, snapshotSeq: 4 }]]);
  });

  it('are as they are stored once a transaction was undone, and nothing of it is written later', () => {
    const { counters, put, scope } = scene(COUNTERS);
    scope.run(() => {
      counters.write({ storeSeq: 10, snapshotSeq: 4 });
    });
    counters.reload();
    counters.flush();
    expect([counters.current, put.mock.calls.length]).toEqual([COUNTERS, 0]);
  });

  it('are changed in a transaction alone', () => {
    const { counters } = scene(COUNTERS);
    expect(() => {
      counters.write({ storeSeq: 10, snapshotSeq: 4 });
    }).toThrow('outside');
    expect(counters.current).toEqual(COUNTERS);
  });
});
