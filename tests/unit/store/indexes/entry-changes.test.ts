import type { LeafChange } from '../../../../src/protocol/requests/operation.js';
import type { Leaf } from '../../../../src/protocol/values/value.js';
import { MemoryLeafTree } from '../../../../src/store/index.js';
import { CompiledIndex } from '../../../../src/store/indexes/compiled-index.js';
import { entryChanges } from '../../../../src/store/indexes/entry-changes.js';

const index = new CompiledIndex({
  number: 1,
  definition: { prefix: 'p', parts: [{ path: 'x', type: 'string' }], unique: false },
  state: { name: 'complete' },
});
const leaf = (path: string, value: string): Leaf => ({ path, value, type: 'string', revision: 1 });

/** The keys of entries that go and that come, with leaves that no change touches. */
function changesFor(changes: LeafChange[], ...untouched: Leaf[]): [readonly string[], readonly string[]] {
  const tree = new MemoryLeafTree();
  for (const each of untouched) tree.put(each);
  const prefix = { prefix: 'p', indexes: [index] };
  const record = { prefix, path: 'p/r', changes, operations: changes.map(() => 0) };
  const { removed, added } = entryChanges([record], tree);
  return [removed, added.map(({ key }) => key)];
}

const [A, B] = [leaf('p/r/x', 'a'), leaf('p/r/x', 'b')];
const OTHER = leaf('p/r/other', 'o');

it.each<[string, LeafChange[], Leaf[], [string[], string[]]]>([
  ['comes', [{ path: A.path, after: A }], [], [[], ['1:0a\0r/']]],
  ['comes without the part', [{ path: OTHER.path, after: OTHER }], [], [[], ['1:1\0r/']]],
  ['goes', [{ path: A.path, before: A }], [], [['1:0a\0r/'], []]],
  ['goes without the part', [{ path: OTHER.path, before: OTHER }], [], [['1:1\0r/'], []]],
  ['changes', [{ path: A.path, before: A, after: B }], [], [['1:0a\0r/'], ['1:0b\0r/']]],
  ['gets the part', [{ path: A.path, after: A }], [OTHER], [['1:1\0r/'], ['1:0a\0r/']]],
  ['loses the part', [{ path: A.path, before: A }], [OTHER], [['1:0a\0r/'], ['1:1\0r/']]],
  ['stands as it stood', [{ path: A.path, before: A, after: { ...A, revision: 2 } }], [], [[], []]],
  ['changes beside the part', [{ path: OTHER.path, before: OTHER }], [A], [[], []]],
  ['comes and goes', [{ path: A.path }], [], [[], []]],
])('of a record that %s the entries follow', (_, changes, untouched, expected) => {
  expect(changesFor(changes, ...untouched)).toStrictEqual(expected);
});

it('what does not concern an index costs none of its entries', () => {
  const valuesOf = jest.spyOn(index, 'valuesOf');
  changesFor([{ path: OTHER.path, before: OTHER, after: OTHER }], A);
  expect(valuesOf).not.toHaveBeenCalled();
  valuesOf.mockRestore();
});
