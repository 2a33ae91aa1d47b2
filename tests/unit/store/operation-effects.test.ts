import type { OperationKind } from '../../../src/protocol/requests/operation.js';
import type { JsonValue, Leaf } from '../../../src/protocol/values/value.js';
import { MemoryLeafTree, applyChanges, changesOf } from '../../../src/store/index.js';

function treeOf(leaves: Record<string, JsonValue>): MemoryLeafTree {
  const tree = new MemoryLeafTree();
  for (const [path, value] of Object.entries(leaves)) tree.put({ path, value, type: 'string', revision: 1 });
  return tree;
}

function apply(tree: MemoryLeafTree, op: OperationKind, path: string, value: JsonValue = null) {
  const changes = changesOf({ storeSeq: 2, op, path, value }, tree);
  applyChanges(changes, tree);
  return changes;
}

const valuesOf = (tree: MemoryLeafTree) =>
  Object.fromEntries([...tree.range({})].map((leaf) => [leaf.path, leaf.value]));
const pathsOf = (changes: readonly { path: string }[]) => changes.map(({ path }) => path);

describe('changesOf', () => {
  it('does not touch the tree', () => {
    const tree = treeOf({ a: 1, 'a/b': 2 });
    changesOf({ storeSeq: 2, op: 'delete', path: 'a', value: null }, tree);
    expect(valuesOf(tree)).toEqual({ a: 1, 'a/b': 2 });
  });

  describe('set', () => {
    it('writes a leaf and removes its descendants, nothing else', () => {
      const tree = treeOf({ p: 0, 'p/a': 1, 'p/a/x': 2, 'p/a/y/z': 3, 'p/a-2': 4, 'p/a.c': 5, 'p/a0': 6 });
      const changes = apply(tree, 'set', 'p/a', 'new');
      expect(valuesOf(tree)).toEqual({ p: 0, 'p/a': 'new', 'p/a-2': 4, 'p/a.c': 5, 'p/a0': 6 });
      expect(pathsOf(changes)).toEqual(['p/a', 'p/a/x', 'p/a/y/z']);
    });

    it('flattens a map, removes the leaf at its path and tells changes in store order', () => {
      const tree = treeOf({ r: 'leaf', 'r/old': 1, 'r/b/kept': 2 });
      const changes = apply(tree, 'set', 'r', { c: 3, b: { kept: 4 }, 'b-2': 5, none: {} });
      expect(valuesOf(tree)).toEqual({ 'r/b-2': 5, 'r/b/kept': 4, 'r/c': 3 });
      expect(pathsOf(changes)).toEqual(['r', 'r/b-2', 'r/b/kept', 'r/c', 'r/old']);
      expect(changes[2]).toEqual({
        path: 'r/b/kept',
        before: { path: 'r/b/kept', value: 2, type: 'string', revision: 1 },
        after: { path: 'r/b/kept', value: 4, type: 'integer', revision: 2 },
      });
    });

    it('removes what is there when the map is empty', () => {
      const tree = treeOf({ 'r/a': 1, other: 2 });
      expect(pathsOf(apply(tree, 'set', 'r', {}))).toEqual(['r/a']);
      expect(valuesOf(tree)).toEqual({ other: 2 });
    });

    it.each<[JsonValue, Leaf['type']]>([
      [{ _type: 'decimal', _typed: '1.5' }, 'map'],
      [{ _type: 'file', hash: 'x' }, 'map'],
      [{ _type: 'lease' }, 'lease'],
      [[1, { a: 1 }], 'string'],
      [1.5, 'float'],
      [null, 'null'],
    ])('stores %j whole, as %s', (value, type) => {
      const tree = treeOf({});
      apply(tree, 'set', 'v', value);
      expect(tree.get('v')).toEqual({ path: 'v', value, type, revision: 2 });
    });

    it('counts a leaf written as it was as changed, for its revision moves', () => {
      const [change] = apply(treeOf({ a: 1 }), 'set', 'a', 1);
      expect(change).toMatchObject({ before: { revision: 1 }, after: { revision: 2 } });
    });

    it('takes keys with slashes and names of prototypes as data', () => {
      const tree = treeOf({});
      apply(tree, 'set', 'r', JSON.parse('{"__proto__": {"constructor": 1}, "a/b": 2, "~": 3}') as JsonValue);
      expect([...tree.range({})].map((leaf) => leaf.path)).toEqual([
        'r/__proto__/constructor',
        'r/a~1b',
        'r/~0',
      ]);
    });
  });

  it('keeps a leaf and what is written below it', () => {
    const tree = treeOf({ 'a/b': 'leaf' });
    apply(tree, 'set', 'a/b/c', 'child');
    expect(valuesOf(tree)).toEqual({ 'a/b': 'leaf', 'a/b/c': 'child' });
  });

  it('deletes a leaf with all descendants, and nothing without a fuss', () => {
    const tree = treeOf({ k: 0, 'k/two': 1, 'k/two/x': 2, 'k/twofold': 3 });
    expect(pathsOf(apply(tree, 'delete', 'k/two'))).toEqual(['k/two', 'k/two/x']);
    expect(valuesOf(tree)).toEqual({ k: 0, 'k/twofold': 3 });
    expect(apply(tree, 'delete', 'k/two')).toEqual([]);
  });

  it('merges: maps replace, other values leave old descendants, siblings stay', () => {
    const tree = treeOf({ r: 'own', 'r/m': 'leaf', 'r/m/old': 1, 'r/v/old': 2, 'r/sibling': 3 });
    const changes = apply(tree, 'merge', 'r', { v: 'new', m: { fresh: 4 } });
    expect(valuesOf(tree)).toEqual({
      r: 'own',
      'r/m/fresh': 4,
      'r/sibling': 3,
      'r/v': 'new',
      'r/v/old': 2,
    });
    expect(pathsOf(changes)).toEqual(['r/m', 'r/m/fresh', 'r/m/old', 'r/v']);
  });

  it('merges nothing', () => {
    expect(apply(treeOf({ 'r/a': 1 }), 'merge', 'r', {})).toEqual([]);
  });

  it.each<[OperationKind, JsonValue, Leaf['type']]>([
    ['increment', 5, 'counter'],
    ['add', ['x'], 'set'],
    ['remove', [], 'set'],
    ['put_file', { _type: 'file' }, 'file'],
    ['lease', { _type: 'lease', token: 2 }, 'lease'],
    ['renew', { _type: 'lease', token: 1 }, 'lease'],
  ])('%s writes what it was committed with, beside its descendants', (op, value, type) => {
    const tree = treeOf({ 'k/below': 1 });
    apply(tree, op, 'k', value);
    expect(tree.get('k')).toEqual({ path: 'k', value, type, revision: 2 });
    expect(tree.get('k/below')).toBeDefined();
  });

  it('releases the leaf alone', () => {
    const tree = treeOf({ k: 1, 'k/below': 1 });
    apply(tree, 'release', 'k');
    expect(valuesOf(tree)).toEqual({ 'k/below': 1 });
  });
});
