import type { IndexPart } from '../../../../src/protocol/values/record-access.js';
import type { JsonValue, Leaf } from '../../../../src/protocol/values/value.js';
import { MemoryLeafTree } from '../../../../src/store/index.js';
import { CompiledIndex } from '../../../../src/store/indexes/compiled-index.js';
import { viewOfLeaves, viewOfTree, viewsOfChanges } from '../../../../src/store/indexes/part-values.js';

const compiled = (...parts: IndexPart[]): CompiledIndex =>
  new CompiledIndex({
    number: 7,
    definition: { prefix: 'p', parts, unique: false },
    state: { name: 'complete' },
  });
const leaf = (path: string, value: JsonValue): Leaf => ({ path, value, type: 'string', revision: 1 });
const json = (typed: JsonValue): JsonValue => ({ _type: 'json', _typed: typed });

const CITY = compiled({ path: 'address/city', type: 'string' });
const DEEP = compiled({ path: 'a/b/c', type: 'string' });
const ABSENT = compiled({ path: 'address/city', type: 'string', absent: 'none' });

/** The keys of null and of garbage. */
const [NULL, GARBAGE] = ['1\0', '2\0'];

describe('the value of a part', () => {
  it.each<[string, CompiledIndex, Record<string, JsonValue>, string]>([
    ['its own leaf', CITY, { 'address/city': 'x' }, '0x\0'],
    ['null', CITY, { 'address/city': null }, NULL],
    ['garbage', CITY, { 'address/city': 5 }, GARBAGE],
    ['nothing', CITY, { other: 'x' }, NULL],
    ['what nothing counts as', ABSENT, { other: 'x' }, '0none\0'],
    ['null, whatever nothing counts as', ABSENT, { 'address/city': null }, NULL],
    ['what an envelope above it holds', CITY, { address: json({ city: 'x' }) }, '0x\0'],
    ['nothing of an envelope that holds no such', CITY, { address: json({ town: 'x' }) }, NULL],
    ['nothing of an envelope of something else', CITY, { address: json('x') }, NULL],
    [
      'nothing that every object has',
      compiled({ path: 'a/toString', type: 'string' }),
      { a: json({}) },
      NULL,
    ],
    ['nothing of an object that is no envelope', CITY, { address: { city: 'x' } }, NULL],
    [
      'its own leaf, though there is an envelope',
      CITY,
      { address: json({ city: 'x' }), 'address/city': 'y' },
      '0y\0',
    ],
    [
      'nothing of an envelope that something lies below',
      CITY,
      { address: json({ city: 'x' }), 'address/zip': 1 },
      NULL,
    ],
    ['null where what is above it is null', ABSENT, { address: null }, NULL],
    ['absent where a text is above it', ABSENT, { address: 'text' }, '0none\0'],
    ['what lies deep in an envelope', DEEP, { a: json({ b: { c: 'x' } }) }, '0x\0'],
    [
      'what lies in the nearest of several',
      DEEP,
      { a: json({ b: { c: 'x' } }), 'a/b': json({ c: 'y' }) },
      '0y\0',
    ],
    ['what lies in an envelope in an envelope', DEEP, { a: json({ b: json({ c: 'x' }) }) }, '0x\0'],
  ])('is %s', (_, index, values, key) => {
    const leaves = Object.entries(values).map(([path, value]) => leaf(`p/r/${path}`, value));
    const tree = new MemoryLeafTree();
    for (const each of [...leaves, leaf('p/r', 'own'), leaf('p/rr/address/city', 'other')]) tree.put(each);
    const untouched = viewsOfChanges([], tree);
    const made = viewsOfChanges(
      leaves.map((after) => ({ path: after.path, after })),
      new MemoryLeafTree(),
    );
    for (const view of [
      viewOfLeaves(leaves),
      viewOfTree(tree),
      untouched.before,
      untouched.after,
      made.after,
    ]) {
      expect(index.valuesOf('p/r', view)).toEqual({ key: `7:${key}`, arePresent: key.startsWith('0') });
    }
    expect(index.valuesOf('p/r', made.before).key).toBe(`7:${index === ABSENT ? '0none\0' : NULL}`);
  });

  it('stands beside those of other parts, and is present with all of them', () => {
    const index = compiled({ path: 'a', type: 'string' }, { path: 'b', type: 'number' });
    const of = (values: Record<string, JsonValue>) =>
      index.valuesOf(
        'p/r',
        viewOfLeaves(Object.entries(values).map(([path, value]) => leaf(`p/r/${path}`, value))),
      );
    expect(of({ a: 'x', b: 1 })).toEqual({ key: '7:0x\x000jz\0', arePresent: true });
    expect(of({ a: 'x' })).toEqual({ key: `7:0x\0${NULL}`, arePresent: false });
    expect(of({ a: 1, b: 1 })).toEqual({ key: `7:${GARBAGE}0jz\0`, arePresent: false });
  });

  it('is of one side of many changes as of few', () => {
    const changes = Array.from({ length: 40 }, (_, i) => ({
      path: `p/r/f${i}`,
      before: leaf(`p/r/f${i}`, `before ${i}`),
      after: leaf(`p/r/f${i}`, `after ${i}`),
    }));
    for (const some of [changes, changes.slice(0, 10)]) {
      const { before, after } = viewsOfChanges(some, new MemoryLeafTree());
      expect([before.value('p/r/f9'), after.value('p/r/f9')]).toEqual(['before 9', 'after 9']);
    }
  });
});

it.each<[CompiledIndex, string, boolean]>([
  [CITY, 'p/r/address/city', true],
  [CITY, 'p/r/address', true],
  [CITY, 'p/r/address/zip', true],
  [CITY, 'p/r/city', false],
  [CITY, 'p/r/x/address/city', false],
  [DEEP, 'p/r/a', true],
  [DEEP, 'p/r/x', false],
  [compiled({ path: 'x', type: 'string' }, { path: 'y', type: 'string' }), 'p/r/y', true],
  [compiled({ path: 'x', type: 'string' }), 'p/r/xx', false],
  [compiled({ path: 'x', type: 'string' }), 'p/r/a/x', false],
])(
  'an index is concerned by the leaves of its parts and those that may hold them (%#)',
  (index, path, is) => {
    expect(index.concerns('p/r', path)).toBe(is);
  },
);
