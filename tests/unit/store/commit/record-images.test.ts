import type { Leaf } from '../../../../src/protocol/values/value.js';
import { MemoryLeafTree } from '../../../../src/store/index.js';
import { recordImages } from '../../../../src/store/commit/record-images.js';

const BEFORE: Leaf = { path: 'p/a/x', value: { b: 1 }, type: 'map', revision: 3 };

const imagesOf = (before: Leaf | undefined, standing: readonly Leaf[]) => {
  const tree = new MemoryLeafTree();
  for (const leaf of standing) tree.put(leaf);
  const change = { path: 'p/a/x', ...(before && { before }) };
  return recordImages([{ changes: [change] }], tree, (prefix) => prefix === 'p')?.get('p');
};

it.each<[string, Partial<Leaf>]>([
  ['another revision', { revision: 4 }],
  ['another type', { type: 'string' }],
  ['another value', { value: { b: 2 } }],
])('a record is told of when a leaf has %s', (_, change) => {
  const after = { ...BEFORE, ...change };
  expect(imagesOf(BEFORE, [after])).toEqual([{ slug: 'a', existed: true, leaves: [after] }]);
  expect(imagesOf(BEFORE, [after])?.[0]?.before).toEqual([BEFORE]);
});

it('a record is not told of when it stands as it stood, though it was written', () => {
  expect(imagesOf(BEFORE, [{ ...BEFORE, value: { b: 1 } }])).toBeUndefined();
  expect(imagesOf(undefined, [])).toBeUndefined();
});

it('a record came to be, or stood before by what was changed or by what was not', () => {
  const other = { ...BEFORE, path: 'p/a/y' };
  expect(imagesOf(undefined, [BEFORE])).toMatchObject([{ existed: false }]);
  expect(imagesOf(BEFORE, [])).toMatchObject([{ existed: true, leaves: [] }]);
  expect(imagesOf(undefined, [BEFORE, other])).toMatchObject([{ existed: true }]);
});

it('a record is known as it was before, by what was changed and by what was not, in store order', () => {
  const [first, last] = [
    { ...BEFORE, path: 'p/a/w' },
    { ...BEFORE, path: 'p/a/y' },
  ];
  expect(imagesOf(BEFORE, [first, { ...BEFORE, revision: 9 }, last])?.[0]?.before).toEqual([
    first,
    BEFORE,
    last,
  ]);
  expect(imagesOf(BEFORE, [])?.[0]?.before).toEqual([BEFORE]);
  expect(imagesOf(undefined, [BEFORE])?.[0]?.before).toEqual([]);
});

it('of several changes of a leaf the first says what it was', () => {
  const tree = new MemoryLeafTree();
  tree.put(BEFORE);
  const changes = [{ path: BEFORE.path, before: BEFORE }, { path: BEFORE.path }];
  expect(recordImages([{ changes }], tree, () => true)).toBeUndefined();
});

it('records are told of in store order, by the prefixes that are watched, one below the other too', () => {
  const tree = new MemoryLeafTree();
  const paths = ['p/b/x', 'p/a', 'p/a-/x', 'p/a~1c/x/y', 'q/a/x'];
  for (const path of paths) tree.put({ ...BEFORE, path });
  const changes = paths.map((path) => ({ path }));
  const images = recordImages([{ changes }], tree, (prefix) => ['p', 'p/a~1c'].includes(prefix));
  const slugs = Array.from(images ?? [], ([prefix, records]) => [prefix, ...records.map(({ slug }) => slug)]);
  expect(slugs).toStrictEqual([
    ['p', 'a', 'a-', 'a/c', 'b'],
    ['p/a~1c', 'x'],
  ]);
});
