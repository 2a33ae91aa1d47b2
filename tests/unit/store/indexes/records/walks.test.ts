import type { IndexDefinition, IndexRange } from '../../../../../src/protocol/values/record-access.js';
import type { Leaf } from '../../../../../src/protocol/values/value.js';
import type { TreeRange } from '../../../../../src/store/index.js';
import { MemoryLeafTree, Store, createMemoryStorage } from '../../../../../src/store/index.js';
import {
  countRecords,
  readRecord,
  recordBorder,
  recordsIn,
  spanOf,
} from '../../../../../src/store/indexes/records/read-records.js';

const BY_STATE: IndexDefinition = { prefix: 'p', parts: [{ path: 'state', type: 'string' }], unique: false };

describe('a walk through an index', () => {
  const store = new Store({ storage: createMemoryStorage() });
  const slugs = (states: readonly string[], reverse: boolean, after: object): string[] => {
    const ranges = states.map((state): IndexRange => ({ equal: [state] }));
    const walk = store.records('p').walk({ by: 'index', index: BY_STATE, ranges, reverse }, after as never);
    return Array.from(walk, ({ slug }) => slug);
  };
  const many = Array.from({ length: 40 }, (_, i) => `m${10 + i}`);

  beforeAll(async () => {
    const records = [['x', 'a'], ['y', 'c'], ['z', 'e'], ...many.map((slug) => [slug, 'many'])] as const;
    await store.write({
      op: 'set',
      path: 'p',
      value: Object.fromEntries(records.map(([slug, state]) => [slug, { state }])),
    });
    await store.useIndexes('p', [BY_STATE]);
  });
  afterAll(() => store.close());

  it.each<[readonly string[], boolean, string, readonly string[]]>([
    [['a', 'c', 'e'], false, '', ['x', 'y', 'z']],
    [['a', 'c', 'e'], false, 'b', ['y', 'z']],
    [['a', 'c', 'e'], false, 'd', ['z']],
    [['a', 'c', 'e'], false, 'f', []],
    [['e', 'c', 'a'], true, 'f', ['z', 'y', 'x']],
    [['e', 'c', 'a'], true, 'd', ['y', 'x']],
    [['e', 'c', 'a'], true, 'b', ['x']],
    [['e', 'c', 'a'], true, '', []],
  ])(
    'of %j (backwards: %s) goes on behind %j, which lies in none of them',
    (states, reverse, state, expected) => {
      expect(slugs(states, reverse, { slug: 'any', values: [state] })).toStrictEqual(expected);
    },
  );

  it('backwards hands out the many of one value by rising slugs, from any of them', () => {
    for (const from of [0, 1, 15, 16, 17, 38, 39]) {
      const after = { slug: many[from]!, values: ['many'] };
      expect(slugs(['many', 'c'], true, after)).toStrictEqual([...many.slice(from + 1), 'y']);
    }
    expect(slugs(['z', 'many', 'c'], true, { slug: 'any', values: ['y'] })).toStrictEqual([...many, 'y']);
  });
});

it('a place of null is that of garbage only where the record still is garbage', async () => {
  const store = new Store({ storage: createMemoryStorage() });
  const value = { x: { state: 'a' }, n1: { o: 1 }, n2: { o: 1 }, g1: { state: 5 }, g2: { state: 5 } };
  await store.write({ op: 'set', path: 'p', value });
  await store.useIndexes('p', [BY_STATE]);
  const all = { by: 'index', index: BY_STATE, ranges: [{ equal: [] }] } as const;
  const behind = (slug: string) =>
    Array.from(store.records('p').walk(all, { slug, values: [null] }), (each) => each.slug);
  expect(['n1', 'g1', 'x', 'gone'].map(behind)).toStrictEqual([
    ['n2', 'g1', 'g2'],
    ['g2'],
    ['g1', 'g2'],
    ['n1', 'n2', 'g1', 'g2'],
  ]);
  await store.close();
});

describe('the records of a tree', () => {
  const leaf = (path: string): Leaf => ({ path, value: 0, type: 'integer', revision: 1 });
  const tree = new MemoryLeafTree();
  const paths = ['p', 'p/a', 'p/a/x', 'p/a/y/z', 'p/a-', 'p/a-/x', 'p/b/x', 'p/b/y', 'p/c', 'pp/a/x'];
  for (const path of paths) tree.put(leaf(path));
  const bare = { get: tree.get.bind(tree), range: tree.range.bind(tree) };

  it('are read without what lies at their own paths', () => {
    for (const each of [tree, bare]) {
      const read = (slug: string) => readRecord(each, 'p', slug)?.leaves.map(({ path }) => path);
      expect(['a', 'a-', 'b', 'c', 'd', ''].map(read)).toStrictEqual([
        ['p/a/x', 'p/a/y/z'],
        ['p/a-/x'],
        ['p/b/x', 'p/b/y'],
        undefined,
        undefined,
        undefined,
      ]);
    }
  });

  it.each([false, true])('are walked, and it is told what is none (backwards: %s)', (reverse) => {
    for (const each of [tree, bare]) {
      const stray: string[] = [];
      const span = { ...spanOf('p', undefined, undefined)!, reverse };
      const records = Array.from(
        recordsIn(each, 'p', span, ({ path }) => stray.push(path)),
        ({ slug, leaves }) => [slug, ...leaves.map(({ path }) => path)],
      );
      const expected = [
        ['a-', 'p/a-/x'],
        ['a', 'p/a/x', 'p/a/y/z'],
        ['b', 'p/b/x', 'p/b/y'],
      ];
      const strays = ['p/a', 'p/a-', 'p/c'];
      expect(records).toStrictEqual(reverse ? expected.reverse() : expected);
      expect(stray).toStrictEqual(reverse ? strays.reverse() : strays);
    }
  });

  it.each([0, 1, 2, 3, 4, 5, 7, 10])(
    'are the same however their leaves lie together: %d at a time',
    (size) => {
      const runs = function* (range: TreeRange): Generator<Leaf[], void, undefined> {
        const leaves = [...tree.range(range)];
        yield [];
        while (leaves.length > 0) yield leaves.splice(0, size === 0 ? 1 + (leaves.length % 3) : size);
      };
      for (const reverse of [false, true]) {
        const span = { ...spanOf('p', undefined, undefined)!, reverse };
        const [stray, expectedStray]: [Leaf[], Leaf[]] = [[], []];
        const walked = recordsIn({ ...bare, runs }, 'p', span, (each) => stray.push(each));
        const expected = recordsIn(bare, 'p', span, (each) => expectedStray.push(each));
        expect([...walked]).toStrictEqual([...expected]);
        expect(stray).toStrictEqual(expectedStray);
      }
    },
  );

  it('are counted where they are not known, no further than is asked', () => {
    const span = { ...spanOf('p', undefined, undefined)!, reverse: false };
    for (const each of [tree, bare]) {
      expect([0, 1, 2, 3, 4, Infinity].map((most) => countRecords(each, 'p', span, most))).toStrictEqual([
        0, 1, 2, 3, 3, 3,
      ]);
    }
  });
});

describe('the span of slugs', () => {
  it.each<[string, string, string]>([
    ['', 'p/', 'p0'],
    ['a', 'p/a', 'p/b'],
    ['a/', 'p/a~1', 'p/a~2'],
    ['\ud7ff', 'p/\ud7ff', 'p/\ue000'],
    ['a\u{10ffff}', 'p/a\u{10ffff}', 'p/b'],
    ['\u{10ffff}', 'p/\u{10ffff}', 'p0'],
    ['😀', 'p/😀', 'p/😁'],
    ['\ufffc', 'p/\ufffc', 'p/\ufffd'],
    ['a\ufffd', 'p/a\ufffd', 'p/a\ufffe'],
  ])('that begin with %j is from %j to %j', (startsWith, from, to) => {
    expect(spanOf('p', undefined, undefined, startsWith)).toStrictEqual({ from, to });
  });

  it('is that between two bounds, and none where they leave nothing', () => {
    const bound = (slug: string, inclusive: boolean) => ({ slug, inclusive });
    expect(spanOf('p', bound('a', true), bound('b', false))).toStrictEqual({ from: 'p/a/', to: 'p/b/' });
    expect(spanOf('p', bound('a', false), bound('b', true))).toStrictEqual({ from: 'p/a0', to: 'p/b0' });
    expect(spanOf('p', bound('a', true), bound('a', true))).toStrictEqual({ from: 'p/a/', to: 'p/a0' });
    expect(spanOf('p', bound('a', false), bound('a', true))).toBeUndefined();
    expect(spanOf('p', bound('b', true), bound('a', true))).toBeUndefined();
    expect(spanOf('p', bound('b', true), undefined, 'a')).toBeUndefined();
    expect(spanOf('p', undefined, undefined, '\ud800')).toBeUndefined();
  });

  it('has borders no longer than a path may be, in the place of longer ones', () => {
    expect(recordBorder('p', 'x'.repeat(5_000), false)).toBe(`p/${'x'.repeat(3_802)}/`);
    expect(recordBorder('p', 'x'.repeat(3_700), true)).toBe(`p/${'x'.repeat(3_700)}0`);
    expect(recordBorder('p', 'a\ufffd', false)).toBe('p/a\ufffd/');
    const long = recordBorder('p', 'é'.repeat(2_000), false);
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(3_805);
    expect(long).toMatch(/^p\/é+\/$/);
  });
});
