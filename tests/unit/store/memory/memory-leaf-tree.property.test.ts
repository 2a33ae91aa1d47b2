import fc from 'fast-check';
import type { TreeRange } from '../../../../src/store/leaf-tree.js';
import { comparePaths } from '../../../../src/protocol/paths/order.js';
import type { Leaf } from '../../../../src/protocol/values/value.js';
import { MemoryLeafTree } from '../../../../src/store/index.js';

/** Around the slash in the order of a store, and around the surrogates. */
const SEGMENTS = ['a', 'a-', 'a.b', 'a0', 'b', '!', '～', '😀'];

const leafAt = (path: string, revision = 1): Leaf => ({ path, value: 1, type: 'integer', revision });

/** More of them below one path than a small node of any tree holds. */
const NUMBERS = Array.from({ length: 200 }, (_, n) => `n${n}`);

const segment = fc.oneof(fc.constantFrom(...SEGMENTS), fc.constantFrom(...NUMBERS));
const path = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));
const bound = fc.oneof(
  path,
  path.map((text) => `${text}/`),
  path.map((text) => `${text}0`),
);
const range: fc.Arbitrary<TreeRange> = fc.record(
  { from: bound, to: bound, after: path, reverse: fc.boolean() },
  { requiredKeys: [] },
);

function leavesOf(model: ReadonlyMap<string, Leaf>, { from, to, after, reverse = false }: TreeRange): Leaf[] {
  const sign = reverse ? -1 : 1;
  return [...model.values()]
    .filter((leaf) => from === undefined || comparePaths(leaf.path, from) >= 0)
    .filter((leaf) => to === undefined || comparePaths(leaf.path, to) < 0)
    .filter((leaf) => after === undefined || sign * comparePaths(leaf.path, after) > 0)
    .sort((a, b) => sign * comparePaths(a.path, b.path));
}

describe('MemoryLeafTree', () => {
  it.each([10, 200])('walks %i siblings downwards from below an upper bound that is one of them', (count) => {
    const tree = new MemoryLeafTree();
    const paths = Array.from({ length: count }, (_, n) => `p/${n.toString().padStart(3, '0')}`);
    for (const at of paths) tree.put(leafAt(at));
    const walked = [...tree.range({ from: paths[2]!, to: paths.at(-2)!, reverse: true })];
    expect(walked.map((leaf) => leaf.path)).toStrictEqual(paths.slice(2, -2).reverse());
  });

  it.each([10, 200])('reads %i siblings below a path, and what lies below them, in one go', (count) => {
    const tree = new MemoryLeafTree();
    const paths = Array.from({ length: count }, (_, n) => `p/${n.toString().padStart(3, '0')}/x`);
    for (const at of [...paths, 'other']) tree.put(leafAt(at));
    expect(tree.subtree('p').map((leaf) => leaf.path)).toStrictEqual(paths);
  });

  it.each([10, 200])('counts %i paths that have something below them, unless a leaf lies beside', (count) => {
    const tree = new MemoryLeafTree();
    const at = (n: number) => `p/${n.toString().padStart(3, '0')}`;
    for (let n = 0; n < count; n++) for (const end of ['x', 'y']) tree.put(leafAt(`${at(n)}/${end}`));
    expect(tree.countBelow('p', {})).toBe(count);
    expect(tree.countBelow('p', { from: `${at(2)}/` })).toBe(count - 2);
    expect(tree.countBelow('p', { to: `${at(2)}/` })).toBe(2);
    expect(tree.countBelow('p', { from: `${at(2)}/`, to: `${at(5)}/` })).toBe(3);
    expect(tree.countBelow('p', { from: `${at(5)}/`, to: `${at(5)}/` })).toBe(0);
    expect(tree.countBelow('p', { from: `${at(7)}/`, to: `${at(2)}/` })).toBe(0);
    expect(tree.countBelow('p', { from: 'q' })).toBe(0);
    expect(tree.countBelow('q', {})).toBe(0);
    tree.put(leafAt('p/leaf'));
    expect(tree.countBelow('p', {})).toBeUndefined();
    tree.delete('p/leaf');
    expect(tree.countBelow('p', {})).toBe(count);
  });

  it('has nothing of many once the last of them is gone', () => {
    const tree = new MemoryLeafTree();
    const paths = Array.from({ length: 100 }, (_, n) => `a/p/n${n}`);
    for (const at of paths) tree.put(leafAt(at));
    const whatIsAbove = () => ['a', 'a/p'].filter((at) => tree.mayHaveBelow(at));
    for (const [i, at] of paths.entries()) {
      expect(whatIsAbove()).toStrictEqual(['a', 'a/p']);
      tree.delete(at);
      expect(tree.size).toBe(99 - i);
    }
    expect(whatIsAbove()).toStrictEqual([]);
    tree.put(leafAt('a/p/n0', 2));
    expect([...tree.range({})]).toStrictEqual([leafAt('a/p/n0', 2)]);
  });

  it('holds what a sorted list holds, with any number of leaves below one path', () => {
    const change = fc.record({ path, deleted: fc.boolean() });
    const changes = fc.array(change, { maxLength: 400, size: 'max' });
    const ranges = fc.array(range, { maxLength: 10 });
    fc.assert(
      fc.property(changes, path, ranges, (steps, subtreePath, someRanges) => {
        const tree = new MemoryLeafTree();
        const model = new Map<string, Leaf>();
        steps.forEach(({ path: at, deleted }, revision) => {
          if (deleted) {
            tree.delete(at);
            model.delete(at);
            return;
          }
          const leaf: Leaf = { path: at, value: revision, type: 'integer', revision };
          tree.put(leaf);
          model.set(at, leaf);
        });
        expect(tree.size).toBe(model.size);
        for (const each of [{}, { reverse: true }, ...someRanges]) {
          expect([...tree.range(each)]).toStrictEqual(leavesOf(model, each));
          expect([...tree.runs(each)].flat()).toStrictEqual(leavesOf(model, each));
        }
        for (const { path: at } of steps) {
          const below = leavesOf(model, { from: `${at}/`, to: `${at}0` });
          const own = model.get(at);
          expect(tree.get(at)).toBe(own);
          expect(tree.mayHaveBelow(at)).toBe(below.length > 0);
          expect(tree.subtree(at)).toStrictEqual(own === undefined ? below : [own, ...below]);
        }
        expect(tree.subtree(subtreePath)).toStrictEqual([
          ...leavesOf(model, { from: subtreePath, to: `${subtreePath}\u0000` }),
          ...leavesOf(model, { from: `${subtreePath}/`, to: `${subtreePath}0` }),
        ]);
      }),
      // Shrinking hundreds of leaves takes minutes.
      { numRuns: 40, endOnFailure: true },
    );
  });
});
