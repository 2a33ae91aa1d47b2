import { Findings } from '../../../../../src/store/lmdb/damage/findings.js';
import type { TreeRecord } from '../../../../../src/store/lmdb/damage/layout.js';
import { NODE_FLAGS } from '../../../../../src/store/lmdb/damage/layout.js';
import type { LeafNode, PageContent } from '../../../../../src/store/lmdb/damage/page.js';
import type { PageReader } from '../../../../../src/store/lmdb/damage/page-reader.js';
import type { Tree } from '../../../../../src/store/lmdb/damage/tree.js';
import { newTree } from '../../../../../src/store/lmdb/damage/tree.js';
import type { TreeEntry } from '../../../../../src/store/lmdb/damage/tree-walk.js';
import { TreeWalk } from '../../../../../src/store/lmdb/damage/tree-walk.js';
import { EMPTY_TREE } from './entries.js';

const node = (key: string, flags: number = NODE_FLAGS.inline): LeafNode => ({
  key: Buffer.from(key),
  flags,
  size: 4,
  data: Buffer.from(`data of ${key}`),
});
const leaves = (...keys: readonly (string | LeafNode)[]): PageContent => ({
  leaves: keys.map((key) => (typeof key === 'string' ? node(key) : key)),
});
const branches = (...below: readonly (readonly [string, number])[]): PageContent => ({
  branches: below.map(([key, page]) => ({ key: Buffer.from(key), page })),
});

/** A walk over pages by their numbers. */
function scene(
  pages: Readonly<Record<number, PageContent>>,
  overflow: Partial<Pick<PageReader, 'overflow' | 'value'>> = {},
) {
  const lost = new Findings();
  const kinds: string[] = [];
  const reader = {
    tree: (page: number, kind: string) => {
      kinds.push(`${page} ${kind}`);
      return pages[page] ?? { fault: `page ${page}: it is none` };
    },
    ...overflow,
  };
  return { lost, kinds, walk: new TreeWalk(reader as unknown as PageReader, lost) };
}

const treeOf = (more: Partial<TreeRecord>, name = 'blobs'): Tree => newTree(name, { ...EMPTY_TREE, ...more });
const keysOf = (pages: Iterable<readonly TreeEntry[]>): string[][] =>
  Array.from(pages, (entries) => entries.map(({ key }) => key.toString()));

describe('the root of a tree', () => {
  const PAGES = { 5: leaves('a') };

  it.each<[string, Partial<TreeRecord>, string[]]>([
    ['is none where the tree is empty', {}, []],
    ['is one page', { root: 5, depth: 1, entries: 1, leafPages: 1 }, []],
    [
      'is lost where it is none, of some depth',
      { depth: 1 },
      ['all of: contents of files (its root is lost)'],
    ],
    ['is lost where there are entries', { entries: 1 }, ['all of: contents of files (its root is lost)']],
    ['is lost without a depth', { root: 5 }, ['all of: contents of files (its root is lost)']],
    ['is lost too far down', { root: 5, depth: 33 }, ['all of: contents of files (its root is lost)']],
  ])('%s', (_, given, expected) => {
    const { walk, lost } = scene(PAGES);
    const pages = [...walk.pages(treeOf(given))];
    expect([lost.told, pages.length]).toEqual([expected, given.depth === 1 && given.root === 5 ? 1 : 0]);
  });

  it('may be 32 levels above the leaves', () => {
    const deep = Object.fromEntries(
      Array.from({ length: 31 }, (_, i) => [i, branches(['', i + 1])] as const),
    );
    const { walk, lost, kinds } = scene({ ...deep, 31: leaves('a') });
    expect(
      keysOf(walk.pages(treeOf({ root: 0, depth: 32, entries: 1, leafPages: 1, branchPages: 31 }))),
    ).toHaveLength(32);
    expect([lost.told, kinds.at(-2), kinds.at(-1)]).toEqual([[], '30 branch', '31 leaf']);
  });
});

describe('a tree of two levels', () => {
  const PAGES = {
    1: branches(['', 2], ['c', 3], ['e', 4]),
    2: leaves('a', 'b'),
    3: leaves('c'),
    4: leaves('e', 'f'),
  };
  const RECORD = { root: 1, depth: 2, branchPages: 1, leafPages: 3, entries: 5 };

  it('is walked in the order of its keys, an item for each page', () => {
    const { walk, lost, kinds } = scene(PAGES);
    expect(keysOf(walk.pages(treeOf(RECORD)))).toEqual([[], ['a', 'b'], ['c'], ['e', 'f']]);
    expect([lost.told, kinds]).toEqual([[], ['1 branch', '2 leaf', '3 leaf', '4 leaf']]);
  });

  it.each<[string, Partial<TreeRecord>, string]>([
    ['entries', { entries: 6 }, 'it has 5 entries and not 6'],
    ['leaves', { leafPages: 2 }, 'it has 3 leafPages and not 2'],
    ['branches', { branchPages: 2 }, 'it has 1 branchPages and not 2'],
    ['large values', { overflowPages: 1 }, 'it has 0 overflowPages and not 1'],
    ['entries and leaves', { entries: 4, leafPages: 2 }, 'it has 5 entries and not 4'],
  ])('is held against the number of its %s', (_, more, reason) => {
    const { walk, lost } = scene(PAGES);
    const tree = treeOf({ ...RECORD, ...more });
    expect([...walk.pages(tree)]).toHaveLength(4);
    expect([lost.told, tree.torn]).toEqual([[`all of: contents of files (${reason})`], true]);
  });

  it('that lacks a page is told of from one key to the other, and not counted', () => {
    for (const [page, place] of [
      [2, ' to before "c"'],
      [3, ' from "c" to before "e"'],
      [4, ' from "e"'],
    ] as const) {
      const { walk, lost } = scene({ ...PAGES, [page]: undefined as never });
      const tree = treeOf(RECORD);
      expect(keysOf(walk.pages(tree)).filter(({ length }) => length > 0)).toHaveLength(2);
      expect(lost.told).toEqual([`contents of files${place} (page ${page}: it is none)`]);
      expect(tree.torn).toBe(true);
    }
  });

  it.each<[string, number, PageContent]>([
    ['twice the same', 2, leaves('a', 'a')],
    ['descending', 2, leaves('b', 'a')],
    ['empty', 2, leaves('', 'a')],
    ['beyond those of the next page', 2, leaves('a', 'c')],
    ['before those of the page', 3, leaves('b')],
    ['descending in a branch', 1, branches(['', 2], ['e', 4], ['c', 3])],
    ['the same in a branch', 1, branches(['', 2], ['c', 3], ['c', 4])],
  ])('has no keys that are %s', (_, page, content) => {
    const { walk, lost } = scene({ ...PAGES, [page]: content });
    expect([...walk.pages(treeOf(RECORD))].length).toBeGreaterThan(0);
    expect(lost.told).toEqual([expect.stringContaining(`(page ${page}: its keys are out of order)`)]);
  });

  it('may have a first key in a branch that is any', () => {
    const { walk, lost } = scene({ ...PAGES, 1: branches(['zzz', 2], ['c', 3], ['e', 4]) });
    expect([...walk.pages(treeOf(RECORD))]).toHaveLength(4);
    expect(lost.told).toEqual([]);
  });
});

describe('a large value', () => {
  const PAGES = { 1: leaves('a', node('b', NODE_FLAGS.overflow), 'c') };
  const RECORD = { root: 1, depth: 1, leafPages: 1, entries: 3, overflowPages: 2 };
  const bytes = Buffer.from('large');

  it('is read from its pages, which count; a small one lies in its node', () => {
    const { walk, lost } = scene(PAGES, {
      overflow: () => ({ page: 7, count: 2 }),
      value: (run, size) => Buffer.from(`${run.page} ${size}`),
    });
    const [entries = []] = [...walk.pages(treeOf(RECORD))];
    expect(entries.map(({ value }) => value()?.toString())).toEqual(['data of a', '7 4', 'data of c']);
    expect(lost.told).toEqual([]);
  });

  it('whose pages are lost is told of once, up to the next key', () => {
    const { walk, lost } = scene(PAGES, { overflow: () => ({ fault: 'gone' }), value: () => bytes });
    const tree = treeOf(RECORD);
    const [entries = []] = [...walk.pages(tree)];
    expect(entries[1]?.value()).toBeUndefined();
    expect([lost.told, tree.torn]).toEqual([['contents of files from "b" to before "c" (gone)'], true]);
  });

  it('that cannot be read is told of when it is read', () => {
    const { walk, lost } = scene(PAGES, {
      overflow: () => ({ page: 7, count: 2 }),
      value: () => ({ fault: 'unreadable' }),
    });
    const [entries = []] = [...walk.pages(treeOf(RECORD))];
    expect(lost.count).toBe(0);
    expect(entries[1]?.value()).toBeUndefined();
    expect(lost.told).toEqual(['contents of files from "b" to before "c" (unreadable)']);
  });
});

describe('the beginning of several trees', () => {
  const PAGES = { 1: branches(['', 2], ['c', 3]), 2: leaves('a'), 3: leaves('c'), 9: leaves('x') };
  const two = () => [
    treeOf({ root: 1, depth: 2, branchPages: 1, leafPages: 2, entries: 2 }),
    treeOf({ root: 9, depth: 1, leafPages: 1, entries: 2 }),
  ];

  it('is read level by level, with the trees that are found, and held against what is noted at the end', () => {
    const { walk, lost, kinds } = scene({ ...PAGES, 20: leaves('deep') });
    const found = treeOf({ root: 20, depth: 1, leafPages: 1, entries: 3 }, 'log');
    walk.begin(two(), 100, ({ key }) => (key.toString() === 'x' ? found : undefined));
    expect(kinds).toEqual(['1 branch', '9 leaf', '2 leaf', '3 leaf', '20 leaf']);
    expect(lost.told).toEqual([
      'all of: contents of files (it has 1 entries and not 2)',
      'all of: operations of the log (it has 1 entries and not 3)',
    ]);
  });

  it.each([0, 1, 3])('is no more than %i pages, of which nothing is counted', (limit) => {
    const { walk, lost, kinds } = scene(PAGES);
    walk.begin(two(), limit, () => undefined);
    expect([kinds.length, lost.told]).toEqual([limit, []]);
  });

  it('is all there is, where that is as many pages as may be', () => {
    const { walk, lost } = scene(PAGES);
    walk.begin(two(), 4, () => undefined);
    expect(lost.count).toBe(1);
  });
});
