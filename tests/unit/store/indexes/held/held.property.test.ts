import * as fc from 'fast-check';
import { comparePaths } from '../../../../../src/protocol/paths/order.js';
import type { Leaf } from '../../../../../src/protocol/values/value.js';
import type { LeafTree, TreeRange } from '../../../../../src/store/leaf-tree.js';
import { HeldKeys } from '../../../../../src/store/indexes/held/held-keys.js';
import { HeldTree } from '../../../../../src/store/indexes/held/held-tree.js';
import { MemoryKeySet } from '../../../../../src/store/memory/memory-key-set.js';
import { MemoryLeafTree } from '../../../../../src/store/memory/memory-leaf-tree.js';

const key = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 }).map((k) => k.join(''));

it('keys that are held stay as they were, whatever comes and goes', () => {
  const changes = fc.array(fc.record({ do: fc.constantFrom('add' as const, 'delete' as const), key }));
  const ranges = fc.array(fc.tuple(key, key), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.uniqueArray(key), changes, ranges, fc.nat(6), (first, steps, someRanges, atMost) => {
      const keys = new MemoryKeySet();
      for (const each of first) keys.add(each);
      const held = new HeldKeys(keys);
      const check = (): void => {
        for (const [from, to] of [...someRanges, ['a', 'd'] as const]) {
          const within = first.filter((each) => from <= each && each < to).sort();
          expect([...held.range({ from, to })]).toStrictEqual(within);
          expect([...held.range({ from, to, reverse: true })]).toStrictEqual(within.toReversed());
          expect(held.count({ from, to })).toBe(within.length);
          expect(held.count({ from, to }, atMost)).toBe(Math.min(within.length, atMost));
        }
      };
      check();
      for (const each of steps) {
        held.note(each.key);
        keys[each.do](each.key);
      }
      expect(held.size).toBe(new Set(steps.map((each) => each.key)).size);
      check();
    }),
    { numRuns: 60 },
  );
});

const segment = fc.constantFrom('a', 'a-', 'b', 'c');
const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => segments.join('/'));
const range: fc.Arbitrary<TreeRange> = fc.record(
  { from: path, to: path, after: path, reverse: fc.boolean() },
  { requiredKeys: [] },
);

const leavesIn = (leaves: readonly Leaf[], { from, to, after, reverse = false }: TreeRange): Leaf[] => {
  const sign = reverse ? -1 : 1;
  return leaves
    .filter((leaf) => from === undefined || comparePaths(leaf.path, from) >= 0)
    .filter((leaf) => to === undefined || comparePaths(leaf.path, to) < 0)
    .filter((leaf) => after === undefined || sign * comparePaths(leaf.path, after) > 0)
    .sort((a, b) => sign * comparePaths(a.path, b.path));
};

/** A tree that knows nothing without a search. */
const bare = (tree: MemoryLeafTree): LeafTree => ({
  get: (at) => tree.get(at),
  put: (leaf) => {
    tree.put(leaf);
  },
  delete: (at) => {
    tree.delete(at);
  },
  range: (of) => tree.range(of),
});

it.each([
  ['that has records together', (tree: MemoryLeafTree): LeafTree => tree],
  ['that searches for everything', bare],
])('leaves that are held stay as they were, in a tree %s', (_, made) => {
  fc.assert(
    fc.property(
      fc.uniqueArray(path),
      fc.array(fc.record({ path, goes: fc.boolean() })),
      fc.array(range, { maxLength: 4 }),
      (first, steps, ranges) => {
        const tree = made(new MemoryLeafTree());
        const leaves = first.map((at): Leaf => ({ path: at, value: 0, type: 'integer', revision: 1 }));
        for (const leaf of leaves) tree.put(leaf);
        const held = new HeldTree(tree);
        const check = (): void => {
          for (const each of [{}, { reverse: true }, ...ranges]) {
            expect([...held.range(each)]).toStrictEqual(leavesIn(leaves, each));
          }
          for (const { path: at } of [...steps, ...leaves]) {
            const own = leaves.find((leaf) => leaf.path === at);
            const below = leavesIn(leaves, { from: `${at}/`, to: `${at}0` });
            expect(held.get(at)).toBe(own);
            expect(held.subtree(at)).toStrictEqual(own === undefined ? below : [own, ...below]);
            if (below.length > 0) expect(held.mayHaveBelow(at)).toBe(true);
            const children = new Set(below.map((leaf) => leaf.path.slice(at.length + 1).split('/')[0]));
            expect([undefined, children.size]).toContain(held.countBelow(at, {}));
          }
        };
        check();
        for (const { path: at, goes } of steps) {
          const before = tree.get(at);
          const after: Leaf | undefined = goes
            ? undefined
            : { path: at, value: 2, type: 'integer', revision: 2 };
          held.note({ path: at, ...(before && { before }), ...(after && { after }) });
          if (after === undefined) tree.delete(at);
          else tree.put(after);
        }
        expect(held.size).toBe(new Set(steps.map((each) => each.path)).size);
        check();
      },
    ),
    { numRuns: 60 },
  );
});

it('what was not touched is read and counted as if nothing were held', () => {
  const tree = new MemoryLeafTree();
  for (const at of ['p/a/x', 'p/b/x']) tree.put({ path: at, value: 0, type: 'integer', revision: 1 });
  const held = new HeldTree(tree);
  expect(held.countBelow('p', {})).toBe(2);
  expect(held.mayHaveBelow('p/c')).toBe(false);
  held.note({ path: 'p/b/x', before: tree.get('p/b/x')! });
  const [subtree, ranges] = [jest.spyOn(tree, 'subtree'), jest.spyOn(tree, 'range')];
  expect(held.subtree('p/a')).toHaveLength(1);
  expect([subtree.mock.calls.length, ranges.mock.calls.length]).toStrictEqual([1, 0]);
  expect(held.subtree('p/b')).toHaveLength(1);
  expect(subtree).toHaveBeenCalledTimes(1);
});
