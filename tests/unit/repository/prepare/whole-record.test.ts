import type { Leaf, LeafType } from '../../../../src/protocol/values/value.js';
import type { BatchOperation } from '../../../../src/transport/transport.js';
import {
  endingInValue,
  guardedOperations,
  leafToRepeat,
} from '../../../../src/repository/prepare/whole-record.js';

const leaf = (path: string, type: LeafType = 'string'): Leaf => ({ path, type, value: 'x', revision: 1 });

describe('leafToRepeat', () => {
  it.each<[string, Leaf[], string | undefined]>([
    ['the last one', [leaf('r/a'), leaf('r/b')], 'r/b'],
    ['none that lies above others', [leaf('r/a'), leaf('r/b'), leaf('r/b/c', 'counter')], 'r/a'],
    [
      'no counter, set, file, decimal or moment',
      [leaf('r/a'), leaf('r/b', 'counter'), leaf('r/c', 'set')],
      'r/a',
    ],
    ['a counter where there is nothing else', [leaf('r/a', 'set'), leaf('r/b', 'counter')], 'r/b'],
    ['nothing of nothing', [], undefined],
  ])('is %s', (_, leaves, path) => {
    expect(leafToRepeat(leaves)?.path).toBe(path);
  });
});

describe('endingInValue', () => {
  it('leaves a change as it is that ends in a value', () => {
    const change = [{ op: 'delete', path: 'r/a' } as const, { op: 'set', path: 'r/b', value: 1 } as const];
    expect(endingInValue([leaf('r/a')], change)).toBe(change);
  });

  it('writes again what the change has written, or else what it leaves', () => {
    const removed = { op: 'delete', path: 'r/a' } as const;
    const written = { op: 'set', path: 'r/b', value: 1 } as const;
    expect(endingInValue([leaf('r/a'), leaf('r/c')], [written, removed])).toEqual([
      written,
      removed,
      written,
    ]);
    expect(endingInValue([leaf('r/a/b'), leaf('r/c'), leaf('r/n', 'counter')], [removed])).toEqual([
      removed,
      { op: 'set', path: 'r/c', value: 'x' },
    ]);
    expect(endingInValue([leaf('r/a')], [removed])).toEqual([removed]);
  });
});

describe('guardedOperations', () => {
  const set = { op: 'set', path: 'r/a', value: 1 } as const;
  const check = { op: 'set', path: 'r/a', value: 'x', ifMatch: 1 } as const;

  it('has a leaf checked where the change writes it, once and by nothing else', () => {
    expect(guardedOperations([leaf('r/a')], [set])).toEqual([{ ...set, ifMatch: 1 }]);
  });

  it.each<[string, BatchOperation]>([
    ['above it', { op: 'delete', path: 'r' }],
    ['below it', { op: 'delete', path: 'r/a/b' }],
    ['at it', { op: 'delete', path: 'r/a' }],
  ])('has it checked first where the change does something else %s', (_, other) => {
    expect(guardedOperations([leaf('r/a')], [other, set])).toEqual([check, other, set]);
    expect(guardedOperations([leaf('r/a')], [set, other])).toEqual([check, set, other]);
  });
});
