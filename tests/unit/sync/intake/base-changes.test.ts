import type { OperationKind } from '../../../../src/protocol/requests/operation.js';
import { BaseChanges } from '../../../../src/sync/intake/base-changes.js';

function suspects(
  operations: readonly (readonly [seq: number, op: OperationKind, path: string])[],
): number[] {
  const bases = new BaseChanges();
  return operations
    .filter(([storeSeq, op, path]) =>
      bases.note({ storeSeq, op, path, value: null, deviceId: null, clientOpId: null }),
    )
    .map(([storeSeq]) => storeSeq);
}

describe('BaseChanges', () => {
  it('trusts running values with nothing else in between', () => {
    expect(
      suspects([
        [1, 'increment', 'c'],
        [2, 'increment', 'c'],
        [3, 'set', 'd'],
        [4, 'add', 's'],
        [5, 'remove', 's'],
      ]),
    ).toEqual([]);
  });

  it('suspects every running value after a write of the path or above it', () => {
    expect(
      suspects([
        [1, 'set', 'a/c'],
        [2, 'increment', 'a/c'],
        [3, 'increment', 'a/c'],
        [4, 'delete', 'b'],
        [5, 'add', 'b/x/s'],
        [6, 'merge', 'm'],
        [7, 'increment', 'mm'],
        [8, 'increment', 'm/c'],
      ]),
    ).toEqual([2, 3, 5, 8]);
  });

  it('suspects it whatever else was written in between', () => {
    const others = Array.from({ length: 100 }, (_, i) => [i + 2, 'set', `x${i}`] as const);
    expect(suspects([[1, 'set', 'c'], ...others, [102, 'increment', 'c'], [103, 'increment', 'd']])).toEqual([
      102,
    ]);
  });

  it('suspects a counter that was a set, and a set that was a counter', () => {
    expect(
      suspects([
        [1, 'increment', 'a'],
        [2, 'add', 'a'],
        [3, 'increment', 'a'],
      ]),
    ).toEqual([2, 3]);
  });

  it('looks back as far as a page can reach, and no further', () => {
    expect(
      suspects([
        [1, 'set', 'c'],
        [1000, 'increment', 'c'],
        [1001, 'increment', 'c'],
      ]),
    ).toEqual([1000]);
    const others = Array.from({ length: 1500 }, (_, i) => [i + 2, 'set', `x${i}`] as const);
    expect(suspects([[1, 'set', 'c'], ...others, [1600, 'increment', 'c']])).toEqual([]);
    expect(suspects([[1, 'set', 'c'], ...others, [1510, 'set', 'c'], [1600, 'increment', 'c']])).toEqual([
      1600,
    ]);
  });

  it('looks back as far also where it has begun to forget', () => {
    const writes = [
      [999, 'set', 'a'],
      [1000, 'set', 'x'],
      [1001, 'set', 'b'],
      [1002, 'set', 'y'],
      [1003, 'increment', 'b'],
      [1998, 'increment', 'a'],
      [1999, 'increment', 'a'],
    ] as const;
    expect(suspects(writes)).toEqual([1003, 1998]);
  });

  it('remembers no more than two pages, however long a catch-up is', () => {
    const bases = new BaseChanges();
    const kept = Array.from({ length: 10_000 }, (_, i) => {
      const operation = { op: 'set', path: `x${i}`, value: null, deviceId: null, clientOpId: null } as const;
      bases.note({ ...operation, storeSeq: i + 1 });
      return bases.size;
    });
    expect([kept[0], Math.max(...kept)]).toEqual([1, 2000]);
    bases.clear();
    expect(bases.size).toBe(0);
  });
});
