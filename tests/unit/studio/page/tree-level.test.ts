import type { ChildInfo } from '../../../../src/studio/api/messages.js';
import type { Level } from '../../../../src/studio/page/tree/level.js';
import {
  MOST_CHILDREN,
  UNKNOWN,
  countText,
  visibleLines,
  withPage,
} from '../../../../src/studio/page/tree/level.js';
import { searchTargets } from '../../../../src/studio/page/shell/search-targets.js';

const child = (path: string, leaves = 2): ChildInfo => ({
  path,
  segment: path.split('/').at(-1)!,
  leaves,
  atLeast: false,
  isLeaf: false,
});
const page = (from: number, count: number, nextCursor: string | null) => ({
  children: Array.from({ length: count }, (_, i) => child(`n/${from + i}`)),
  nextCursor,
});

describe('a level of the tree', () => {
  it('grows page by page, and drops its beginning when it is long', () => {
    let level: Level = withPage(UNKNOWN, page(0, 600, 'c1'), undefined);
    expect([level.state, level.nextCursor, level.after]).toEqual(['ready', 'c1', undefined]);
    level = withPage(level, page(600, 600, 'c2'), 'c1');
    expect([level.children.length, level.children.at(-1)?.path, level.after]).toEqual([
      MOST_CHILDREN,
      'n/1199',
      'c1',
    ]);
  });

  it('is shown below what it belongs to', () => {
    const levels = new Map<string, Level>([
      ['', { state: 'ready', children: [child('a'), child('b')], nextCursor: 'more' }],
      ['a', { state: 'loading', children: [], nextCursor: null }],
    ]);
    expect(visibleLines(levels).map(({ key, level }) => [key, level])).toEqual([
      ['a', 1],
      ['a/loading', 2],
      ['b', 1],
      ['/more', 1],
    ]);
  });

  it('tells where counting stopped', () => {
    expect(countText({ ...child('a'), leaves: 5_000, atLeast: true })).toBe('5,000+');
  });
});

describe('a search', () => {
  const entity = (name: string, prefix: string) => ({
    name,
    prefix,
    mode: 'flat' as const,
    slug: 'id',
    slugGenerated: false,
    columns: [],
    softDelete: false,
  });
  const entities = [entity('Author', 'library/authors'), entity('Book', 'library/books')];
  const details = (text: string, current?: string) =>
    searchTargets(text, entities, current).map(({ detail }) => detail);

  it('leads to tables, slugs and paths, the table at hand first', () => {
    expect(details('emma', 'Book')).toEqual(['slug in Book', 'slug in Author', 'path']);
    expect(details('boo')[0]).toBe('table of library/books');
    expect(details('library/books/emma')[0]).toBe('record of Book');
    expect(details('library/books/emma/title')[0]).toBe('path');
    expect(details('  ')).toEqual([]);
  });

  it('writes a slug as a segment', () => {
    expect(searchTargets('a~b', entities, 'Book')[0]?.route).toMatchObject({ record: 'library/books/a~0b' });
  });
});
