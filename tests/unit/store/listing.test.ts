import type { Store } from '../../../src/store/index.js';
import { openStore, refusalOf } from './open-store.js';

describe('listings', () => {
  let store: Store;

  beforeAll(async () => {
    store = openStore();
    const paths = [
      'p/a/title',
      'p/a/url',
      'p/b/title',
      'p/b/url',
      'p/b-2/title',
      'p/b.c/title',
      'p/c~1d/title',
      'p/*/title',
      'q/z',
      'top',
    ];
    await store.writeBatch({ operations: paths.map((path) => ({ op: 'set' as const, path, value: path })) });
  });

  afterAll(() => store.close());

  const keys = (query: Parameters<Store['listKeys']>[0]) => store.listKeys(query);
  const BELOW_P = [
    'p/*/title',
    'p/a/title',
    'p/a/url',
    'p/b-2/title',
    'p/b.c/title',
    'p/b/title',
    'p/b/url',
    'p/c~1d/title',
  ];

  it.each([
    ['**', [...BELOW_P, 'q/z', 'top']],
    ['*', ['top']],
    ['p/*', []],
    ['p/**', BELOW_P],
    ['p/*/title', BELOW_P.filter((path) => path.endsWith('/title'))],
    ['p/a/title', ['p/a/title']],
    ['p/a', []],
    ['p/\\*/title', ['p/*/title']],
    ['p/c~1d/**', ['p/c~1d/title']],
    ['nothing/**', []],
  ])('lists %s', (pattern, expected) => {
    expect(keys({ pattern })).toStrictEqual({ items: expected, nextCursor: null });
  });

  it('lists whole leaves', () => {
    expect(store.list({ pattern: 'top' }).items).toStrictEqual([
      { path: 'top', value: 'top', type: 'string', revision: 10 },
    ]);
  });

  it('pages forwards and backwards', () => {
    expect(keys({ pattern: 'p/**', limit: 3 })).toStrictEqual({
      items: BELOW_P.slice(0, 3),
      nextCursor: 'p/a/url',
    });
    expect(keys({ pattern: 'p/**', limit: 3, after: 'p/a/title' })).toStrictEqual({
      items: BELOW_P.slice(2, 5),
      nextCursor: 'p/b.c/title',
    });
    expect(keys({ pattern: 'p/**', limit: 2, order: 'desc' })).toStrictEqual({
      items: ['p/c~1d/title', 'p/b/url'],
      nextCursor: 'p/b/url',
    });
    expect(keys({ pattern: 'p/**', limit: 3, order: 'desc', after: 'p/b/title' }).items).toStrictEqual([
      'p/b.c/title',
      'p/b-2/title',
      'p/a/url',
    ]);
  });

  it('ends a last page that is just full', () => {
    expect(keys({ pattern: 'p/**', limit: 8 }).nextCursor).toBeNull();
    expect(keys({ pattern: 'p/*/url', limit: 2 }).nextCursor).toBeNull();
    expect(keys({ pattern: 'p/*/url', limit: 1 }).nextCursor).toBe('p/a/url');
  });

  it('finds nothing behind a cursor outside', () => {
    expect(keys({ pattern: 'p/**', after: 'zzz' })).toStrictEqual({ items: [], nextCursor: null });
    expect(keys({ pattern: 'p/**', after: 'a', limit: 1 }).items).toStrictEqual(['p/*/title']);
    expect(keys({ pattern: 'p/**', after: 'a', order: 'desc' }).items).toStrictEqual([]);
  });

  it('ends a page with the leaf that fills it', () => {
    // The values are the paths, each of which weighs two bytes more than it has characters.
    const weight = 'p/*/title'.length + 2;
    const of = (bytes: number) => keys({ pattern: 'p/**', bytes });
    expect(of(weight - 1)).toStrictEqual({ items: BELOW_P.slice(0, 1), nextCursor: BELOW_P[0] });
    expect(of(weight)).toStrictEqual({ items: BELOW_P.slice(0, 1), nextCursor: BELOW_P[0] });
    expect(of(weight + 1)).toStrictEqual({ items: BELOW_P.slice(0, 2), nextCursor: BELOW_P[1] });
    expect(of(2 * weight)).toStrictEqual({ items: BELOW_P.slice(0, 2), nextCursor: BELOW_P[1] });
    expect(of(1_000)).toStrictEqual({ items: BELOW_P, nextCursor: null });
  });

  it.each([
    { from: 'x'.repeat(3_801), to: 'y' },
    { from: 'x', to: 'y'.repeat(3_801) },
    { from: 'x', to: 'y', after: 'x'.repeat(3_801) },
    { pattern: 'x'.repeat(3_801) },
  ])('is refused what is longer than any path (%#)', (query) => {
    expect(() => keys(query)).toThrow(expect.objectContaining({ detail: 'path_too_long' }));
  });

  it('lists a range without its end', () => {
    expect(keys({ from: 'p/a', to: 'p/b' }).items).toStrictEqual(['p/a/title', 'p/a/url']);
    expect(keys({ from: 'p/a', to: 'q', limit: 2, order: 'desc' })).toStrictEqual({
      items: ['p/c~1d/title', 'p/b/url'],
      nextCursor: 'p/b/url',
    });
    expect(keys({ from: 'q', to: 'p' })).toStrictEqual({ items: [], nextCursor: null });
  });

  it('lists prefixes of the leaves of a page, in their own order', () => {
    expect(store.listPrefixes({ pattern: 'p/**' })).toStrictEqual({
      items: ['p/*', 'p/a', 'p/b', 'p/b-2', 'p/b.c', 'p/c~1d'],
      nextCursor: null,
    });
    expect(store.listPrefixes({ pattern: '**' }).items).toStrictEqual(['p', 'q', 'top']);
    expect(store.listPrefixes({ pattern: 'p/**', limit: 2 })).toStrictEqual({
      items: ['p/*', 'p/a'],
      nextCursor: 'p/a/title',
    });
  });

  it.each([
    ['invalid_pattern_for_prefixes', () => store.listPrefixes({ pattern: 'p/*' })],
    ['invalid_pattern_for_prefixes', () => store.listPrefixes({ pattern: 'p/*/**' })],
    ['invalid_pattern_for_prefixes', () => store.listPrefixes({ pattern: 'p/a' })],
    ['unsupported_select', () => store.listPrefixes({ from: 'a', to: 'b' })],
    ['wildcard_many_not_tail', () => keys({ pattern: 'p/**/title' })],
    ['empty_segment', () => keys({ pattern: '/p' })],
    ['empty_path', () => keys({ pattern: '' })],
    ['invalid_limit', () => keys({ pattern: '**', limit: 0 })],
    ['invalid_limit', () => keys({ pattern: '**', limit: 1001 })],
    ['invalid_limit', () => keys({ pattern: '**', limit: 1.5 })],
    ['invalid_order', () => keys({ pattern: '**', order: 'up' as 'asc' })],
    ['invalid_range', () => keys({ from: 'a' } as any)],
    ['path_too_long', () => keys({ pattern: `${'x'.repeat(4000)}/**` })],
    ['path_too_long', () => keys({ from: 'a', to: 'x'.repeat(4000) })],
    ['path_too_long', () => keys({ pattern: '**', after: 'x'.repeat(4000) })],
  ])('refuses %s (%#)', async (detail, list) => {
    expect(await refusalOf(list)).toMatchObject({ kind: 'invalid_params', detail });
  });
});
