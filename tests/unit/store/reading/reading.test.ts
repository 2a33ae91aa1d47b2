import { MemoryLeafTree } from '../../../../src/store/index.js';
import { probeStorage } from '../../../../src/store/reading/probe.js';
import { getEntry, getLeaves, getSubtree, pathExists } from '../../../../src/store/reading/reading.js';
import { leavesAtAndBelow } from '../../../../src/store/reading/subtree.js';

const tree = new MemoryLeafTree();
for (const [path, revision] of [
  ['a', 2],
  ['a/b', 7],
  ['p/x', 3],
  ['p/y', 5],
  ['p/z', 4],
] as const) {
  tree.put({ path, value: 0, type: 'integer', revision });
}

it('an entry is the leaf, else a map with the greatest revision, else nothing', () => {
  expect(getEntry(tree, 'a')).toMatchObject({ type: 'integer', revision: 2 });
  expect(getEntry(tree, 'p')).toStrictEqual({
    path: 'p',
    value: { x: 0, y: 0, z: 0 },
    type: 'map',
    revision: 5,
  });
  expect(getEntry(tree, 'q')).toBeNull();
  expect(['a', 'p', 'p/x', 'q'].map((path) => pathExists(tree, path))).toStrictEqual([
    true,
    true,
    true,
    false,
  ]);
  expect([...getLeaves(tree, ['p/y', 'p', 'a', 'q']).keys()]).toStrictEqual(['p/y', 'a']);
});

it.each<[string, () => unknown]>([
  ['an entry', () => getEntry(tree, 'a//b')],
  ['leaves', () => getLeaves(tree, ['a', 'a//b'])],
  ['a subtree', () => getSubtree(tree, 'a//b')],
  ['whether something is there', () => pathExists(tree, 'a//b')],
  ['leaves by no list', () => getLeaves(tree, 5 as any)],
])('what is asked for must be able to exist: %s', (_, read) => {
  expect(read).toThrow(expect.objectContaining({ kind: 'invalid_params' }));
});

it('leaves at and below a path are the same of a tree that has them together and of one that has not', () => {
  const bare = { get: tree.get.bind(tree), range: tree.range.bind(tree) };
  const subtree = jest.spyOn(tree, 'subtree');
  for (const path of ['a', 'p', 'p/x', 'q']) {
    expect(leavesAtAndBelow(tree, path)).toStrictEqual(leavesAtAndBelow(bare, path));
  }
  expect(subtree).toHaveBeenCalledTimes(4);
  expect(leavesAtAndBelow(bare, 'a')).toHaveLength(2);
});

it('a probe goes the way of every read, to the medium and to the leaves', () => {
  const fails = (name: string) => () => {
    throw new Error(name);
  };
  const leaves = Object.assign(new MemoryLeafTree(), { range: fails('the leaves') });
  expect(() => {
    probeStorage({ leaves, assertPresent: fails('the medium') });
  }).toThrow('the medium');
  expect(() => {
    probeStorage({ leaves });
  }).toThrow('the leaves');
  expect(() => {
    probeStorage({ leaves: new MemoryLeafTree() });
  }).not.toThrow();
});
