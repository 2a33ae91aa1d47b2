import type { Leaf, LeafType } from '../../../../src/protocol/values/value.js';
import { differenceOf, isSameLeaf } from '../../../../src/store/reading/difference.js';

const leaf = (path: string, value: unknown = 1, revision = 1, type: LeafType = 'map'): Leaf =>
  ({ path, value, revision, type }) as Leaf;

describe('the changes between two runs of leaves', () => {
  it.each<[string, Leaf[], Leaf[], unknown[]]>([
    ['nothing and nothing', [], [], []],
    ['nothing and some', [], [leaf('a')], [{ path: 'a', after: leaf('a') }]],
    ['some and nothing', [leaf('a')], [], [{ path: 'a', before: leaf('a') }]],
    ['a run and the same', [leaf('a'), leaf('b')], [leaf('a'), leaf('b')], []],
    [
      'what is there and what comes between',
      [leaf('b'), leaf('d')],
      [leaf('a'), leaf('b'), leaf('c'), leaf('d'), leaf('e')],
      ['a', 'c', 'e'].map((path) => ({ path, after: leaf(path) })),
    ],
    [
      'what is there and what is left of it',
      [leaf('a'), leaf('b'), leaf('c'), leaf('d'), leaf('e')],
      [leaf('b'), leaf('d')],
      ['a', 'c', 'e'].map((path) => ({ path, before: leaf(path) })),
    ],
    [
      'a leaf and another one of its path',
      [leaf('a', 1), leaf('b')],
      [leaf('a', 2), leaf('b')],
      [{ path: 'a', before: leaf('a', 1), after: leaf('a', 2) }],
    ],
    [
      'leaves whose order is not that of their texts',
      [leaf('\uffee'), leaf('😀')],
      [leaf('😀')],
      [{ path: '\uffee', before: leaf('\uffee') }],
    ],
  ])('%s', (_, present, next, expected) => {
    expect(differenceOf(present, next)).toEqual(expected);
  });

  it('are found with nothing left open, also when a run breaks off', () => {
    let open = 0;
    function* present(): Generator<Leaf> {
      open++;
      try {
        yield leaf('a');
        yield leaf('b');
        yield leaf('c');
      } finally {
        open--;
      }
    }
    function* broken(): Generator<Leaf> {
      yield leaf('a');
      throw new Error('broken off');
    }
    expect(differenceOf(present(), [leaf('a'), leaf('b'), leaf('c')])).toEqual([]);
    expect(open).toBe(0);
    expect(() => differenceOf(present(), broken())).toThrow('broken off');
    expect(open).toBe(0);
  });
});

it.each<[string, Leaf, boolean]>([
  ['of the same contents', leaf('a', { b: [1] }), true],
  ['of another value', leaf('a', { b: [2] }), false],
  ['of another revision', leaf('a', { b: [1] }, 2), false],
  ['of another type', leaf('a', { b: [1] }, 1, 'integer'), false],
])('a leaf %s is the same one or not', (_, other, expected) => {
  expect(isSameLeaf(leaf('a', { b: [1] }), other)).toBe(expected);
});
