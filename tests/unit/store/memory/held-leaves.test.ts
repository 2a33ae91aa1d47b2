import type { Leaf } from '../../../../src/protocol/values/value.js';
import { createMemoryStorage, MemoryLeafTree } from '../../../../src/store/index.js';
import { HeldLeaves } from '../../../../src/store/memory/held-leaves.js';

const leaf = (path: string, value: number): Leaf => ({ path, value, type: 'integer', revision: 1 });
const values = (leaves: Iterable<Leaf>) =>
  Array.from(leaves, ({ path, value }) => `${path}=${JSON.stringify(value)}`);

it('shows the leaves as they were, and listens no longer once it is released', () => {
  const tree = new MemoryLeafTree();
  for (const path of ['a', 'b', 'c']) tree.put(leaf(path, 1));
  const listen = tree.onChange.bind(tree);
  const end = jest.fn();
  jest.spyOn(tree, 'onChange').mockImplementation((listener) => {
    end.mockImplementation(listen(listener));
    return end as () => void;
  });
  const held = new HeldLeaves(tree);
  tree.put(leaf('b', 2));
  tree.delete('c');
  tree.put(leaf('d', 2));
  expect(values(held.behind(undefined))).toEqual(['a=1', 'b=1', 'c=1']);
  expect(values(held.behind('a'))).toEqual(['b=1', 'c=1']);
  expect(end).not.toHaveBeenCalled();
  held.release();
  expect(end).toHaveBeenCalledTimes(1);
});

it('shows what a leaf was first, however often it changes, and none that came since', () => {
  const tree = new MemoryLeafTree();
  for (const path of ['a', 'c']) tree.put(leaf(path, 1));
  const held = new HeldLeaves(tree);
  for (const value of [2, 3]) for (const path of ['a', 'b', 'c', 'd']) tree.put(leaf(path, value));
  tree.delete('a');
  tree.delete('b');
  tree.put(leaf('b', 4));
  expect(values(held.behind(undefined))).toEqual(['a=1', 'c=1']);
  held.release();
});

it('keeps nothing of what was read, and of what it is released of', () => {
  const tree = new MemoryLeafTree();
  for (const path of ['a', 'b', 'c']) tree.put(leaf(path, 1));
  const kept = jest.spyOn(MemoryLeafTree.prototype, 'put');
  const held = new HeldLeaves(tree);
  expect(values(held.behind('b'))).toEqual(['c=1']);
  for (const path of ['a', 'b', 'c']) tree.delete(path);
  expect(kept.mock.calls.map(([{ path }]) => path)).toEqual(['c']);
  expect(values(held.behind('b'))).toEqual(['c=1']);
  held.release();
  tree.put(leaf('c', 2));
  expect(values(held.behind(undefined))).toEqual(['c=2']);
  kept.mockRestore();
});

it('a moment of a storage in memory is no longer told of what changes once it is released', () => {
  const storage = createMemoryStorage();
  const listening = jest.spyOn(MemoryLeafTree.prototype, 'onChange');
  const end = jest.fn();
  listening.mockReturnValue(end);
  const moment = storage.hold();
  // Of the leaves, and of what lies over them.
  expect(listening).toHaveBeenCalledTimes(2);
  moment.release();
  expect(end).toHaveBeenCalledTimes(2);
  listening.mockRestore();
});
