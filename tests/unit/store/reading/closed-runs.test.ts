import type { Leaf } from '../../../../src/protocol/values/value.js';
import { isEmpty, LeafCursor } from '../../../../src/store/reading/leaf-cursor.js';
import { mergeLeaves } from '../../../../src/store/reading/merge-leaves.js';

/** A run of leaves that notes that it was given back. */
function run(...paths: readonly string[]) {
  const state = { isOpen: false };
  const leaves = (function* (): Generator<Leaf, void, undefined> {
    state.isOpen = true;
    try {
      for (const path of paths) yield { path, value: 1, type: 'integer', revision: 1 };
    } finally {
      state.isOpen = false;
    }
  })();
  return { state, leaves };
}

describe('a run of leaves', () => {
  it('is given back with its cursor, whether it was read to its end or not', () => {
    const { state, leaves } = run('a', 'b');
    const cursor = new LeafCursor(leaves);
    expect([cursor.next()?.leaf.path, state.isOpen]).toStrictEqual(['a', true]);
    cursor.close();
    expect([state.isOpen, cursor.next()]).toStrictEqual([false, undefined]);
    cursor.close();
  });

  it('is given back when it was looked at for being empty', () => {
    const some = run('a');
    expect([isEmpty(some.leaves), some.state.isOpen]).toStrictEqual([false, false]);
    expect(isEmpty(run().leaves)).toBe(true);
  });

  it('may be a list, which holds nothing', () => {
    const cursor = new LeafCursor([]);
    expect(cursor.next()).toBeUndefined();
    cursor.close();
  });
});

describe('two runs as one', () => {
  it.each([
    [['a', 'c'], ['b', 'd', 'e'], false],
    [['b'], [], false],
    [[], ['a'], false],
    [['c', 'a'], ['d', 'b'], true],
  ])('are in order: %j and %j, reverse: %p', (left, right, reverse) => {
    const [one, other] = [run(...left), run(...right)];
    const merged = Array.from(mergeLeaves(one.leaves, other.leaves, reverse), ({ path }) => path);
    const sorted = [...left, ...right].sort();
    expect(merged).toStrictEqual(reverse ? sorted.reverse() : sorted);
    expect([one.state.isOpen, other.state.isOpen]).toStrictEqual([false, false]);
  });

  it.each([1, 2, 3, 4])('are both given back when they are left at the leaf %i', (wanted) => {
    const [one, other] = [run('b', 'd'), run('a', 'c', 'e')];
    let taken = 0;
    for (const leaf of mergeLeaves(one.leaves, other.leaves)) {
      expect(leaf.revision).toBe(1);
      if (++taken === wanted) break;
    }
    expect([one.state.isOpen, other.state.isOpen]).toStrictEqual([false, false]);
  });
});
