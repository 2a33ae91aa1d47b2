import { ReplacedLeaves } from '../../../../src/store/copying/replaced-leaves.js';
import { MemoryLeafTree } from '../../../../src/store/index.js';
import type { Leaf } from '../../../../src/protocol/values/value.js';

const leaf = (path: string, value: string): Leaf => ({ path, value, type: 'string', revision: 1 });

function treeOf(...leaves: readonly Leaf[]): MemoryLeafTree {
  const tree = new MemoryLeafTree();
  for (const one of leaves) tree.put(one);
  return tree;
}

describe('leaves that a state replaced', () => {
  it('are what they were before the first attempt, beside what they are', () => {
    const replaced = new ReplacedLeaves();
    replaced.note([
      { path: 'b', before: leaf('b', 'old') },
      { path: 'a' },
      { path: 'same', before: leaf('same', 'x') },
    ]);
    replaced.note([{ path: 'b', before: leaf('b', 'of an attempt') }]);
    expect(replaced.changes(treeOf(leaf('a', 'new'), leaf('same', 'x')))).toEqual([
      { path: 'a', after: leaf('a', 'new') },
      { path: 'b', before: leaf('b', 'old') },
    ]);
  });

  it('are none where one attempt wrote what the next one took away', () => {
    const replaced = new ReplacedLeaves();
    replaced.note([{ path: 'a', after: leaf('a', 'of an attempt') }]);
    replaced.note([{ path: 'a', before: leaf('a', 'of an attempt') }]);
    expect(replaced.changes(treeOf())).toEqual([]);
  });

  it('are forgotten when they were told', () => {
    const replaced = new ReplacedLeaves();
    replaced.note([{ path: 'a', before: leaf('a', 'old') }]);
    replaced.clear();
    expect(replaced.changes(treeOf())).toEqual([]);
    replaced.note([{ path: 'a', before: leaf('a', 'later') }]);
    expect(replaced.changes(treeOf())).toEqual([{ path: 'a', before: leaf('a', 'later') }]);
  });
});
