import type { Leaf } from '../../../../src/index.js';
import {
  checkedOperations,
  guardedOperations,
  revisionOfLeaves,
} from '../../../../src/repository/prepare/whole-record.js';

const leaf = (path: string, value: Leaf['value'], revision: number): Leaf => ({
  path,
  value,
  type: 'string',
  revision,
});

describe('revisionOfLeaves', () => {
  it('is the greatest, and null without leaves', () => {
    expect(revisionOfLeaves([leaf('r/a', 1, 3), leaf('r/b', 1, 7), leaf('r/c', 1, 5)])).toBe(7);
    expect(revisionOfLeaves([])).toBeNull();
  });
});

describe('checkedOperations', () => {
  const leaves = [leaf('r/a', 'A', 1), leaf('r/b', 'B', 3), leaf('r/b/x', 'X', 2)];

  it('puts one check of the record in front of what does not write back what was read', () => {
    for (const change of [
      { op: 'set', path: 'r/a', value: 'new' },
      { op: 'merge', path: 'r', value: { a: 1 } },
      { op: 'delete', path: 'r' },
    ] as const) {
      expect(checkedOperations('r', leaves, [change])).toEqual([
        { op: 'check', path: 'r', revision: 3 },
        change,
      ]);
    }
  });

  it('checks every leaf, with what lies below it, before the record is written back whole', () => {
    const change = { op: 'set', path: 'r', value: { a: 'new' } } as const;
    const stray = [leaf('r', 'R', 1), leaf('r/a', 'A', 2), leaf('r/a/x', 'X', 3)];
    expect(checkedOperations('r', stray, [change])).toEqual([
      { op: 'check', path: 'r', revision: 3 },
      { op: 'check', path: 'r/a', revision: 3 },
      { op: 'check', path: 'r/a/x', revision: 3 },
      change,
    ]);
  });
});

describe('guardedOperations', () => {
  const leaves = [leaf('r/a', 'A', 1), leaf('r/b', 'B', 2)];

  it('writes what the change leaves alone again as it stands, if it still has its revision', () => {
    expect(guardedOperations(leaves, [{ op: 'set', path: 'r/c', value: 'C' }])).toEqual([
      { op: 'set', path: 'r/b', value: 'B', ifMatch: 2 },
      { op: 'set', path: 'r/a', value: 'A', ifMatch: 1 },
      { op: 'set', path: 'r/c', value: 'C' },
    ]);
  });

  it('puts the precondition on the set that replaces a leaf', () => {
    expect(guardedOperations(leaves, [{ op: 'set', path: 'r/a', value: 'new' }])).toEqual([
      { op: 'set', path: 'r/b', value: 'B', ifMatch: 2 },
      { op: 'set', path: 'r/a', value: 'new', ifMatch: 1 },
    ]);
    const change = ['a', 'b', 'c'].map((name) => ({ op: 'set', path: `r/${name}`, value: 'new' }) as const);
    expect(guardedOperations(leaves, change)).toStrictEqual([
      { op: 'set', path: 'r/a', value: 'new', ifMatch: 1 },
      { op: 'set', path: 'r/b', value: 'new', ifMatch: 2 },
      { op: 'set', path: 'r/c', value: 'new' },
    ]);
  });

  it('checks before a set of a map, a merge or a delete, none of which can carry a precondition for a record', () => {
    for (const change of [
      { op: 'set', path: 'r', value: { a: 1 } },
      { op: 'merge', path: 'r', value: { a: 1 } },
      { op: 'delete', path: 'r' },
      { op: 'set', path: 'r/a', value: { x: 1 } },
    ] as const) {
      expect(guardedOperations(leaves, [change])).toEqual([
        { op: 'set', path: 'r/b', value: 'B', ifMatch: 2 },
        { op: 'set', path: 'r/a', value: 'A', ifMatch: 1 },
        change,
      ]);
    }
  });

  it('does not fold a leaf that has leaves below it: their check comes first, and they are put back', () => {
    const stray = [leaf('r/a', 'A', 1), leaf('r/a/x', 'X', 2)];
    expect(guardedOperations(stray, [{ op: 'set', path: 'r/c', value: 1 }])).toEqual([
      { op: 'set', path: 'r/a/x', value: 'X', ifMatch: 2 },
      { op: 'set', path: 'r/a', value: 'A', ifMatch: 1 },
      { op: 'set', path: 'r/a/x', value: 'X' },
      { op: 'set', path: 'r/c', value: 1 },
    ]);
  });

  it('does not fold a leaf above or below another, though the change writes that one alone', () => {
    const stray = [leaf('r/a', 'A', 1), leaf('r/a/x', 'X', 2)];
    const checks = [
      { op: 'set', path: 'r/a/x', value: 'X', ifMatch: 2 },
      { op: 'set', path: 'r/a', value: 'A', ifMatch: 1 },
      { op: 'set', path: 'r/a/x', value: 'X' },
    ];
    for (const path of ['r/a', 'r/a/x']) {
      const change = { op: 'set', path, value: 'new' } as const;
      expect(guardedOperations(stray, [change])).toEqual([...checks, change]);
    }
  });

  it.each(['r/a/x', 'r'])('does not fold a leaf where the change writes %s, too', (path) => {
    const change = [
      { op: 'set', path: 'r/a', value: 'new' },
      { op: 'set', path, value: 'other' },
    ] as const;
    expect(guardedOperations([leaf('r/a', 'A', 1)], change)).toEqual([
      { op: 'set', path: 'r/a', value: 'A', ifMatch: 1 },
      ...change,
    ]);
  });

  it('does not fold a leaf that the change writes twice', () => {
    const change = [
      { op: 'set', path: 'r/a', value: 'one' },
      { op: 'set', path: 'r/a', value: 'two' },
    ] as const;
    expect(guardedOperations([leaf('r/a', 'A', 1)], change)).toEqual([
      { op: 'set', path: 'r/a', value: 'A', ifMatch: 1 },
      ...change,
    ]);
  });
});
