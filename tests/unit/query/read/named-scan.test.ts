import { comparePaths } from '../../../../src/protocol/paths/order.js';
import { isBelow } from '../../../../src/protocol/paths/path.js';
import { compareSlugs } from '../../../../src/query/values/slug-order.js';
import type { NamedScan } from '../../../../src/query/read/named-scan.js';
import { scanNamed } from '../../../../src/query/read/named-scan.js';
import type { ListPage, ListQuery } from '../../../../src/transport/transport.js';

/** A store of paths that answers ranges, page by page, and counts what it was asked. */
function storeOf(paths: readonly string[], pageLimit = 1000, itemsPerRecord = 1) {
  const sorted = paths.toSorted(comparePaths);
  const queries: ListQuery[] = [];
  const list = (query: ListQuery): Promise<ListPage<string>> => {
    queries.push(query);
    if (!('from' in query)) throw new Error('only ranges are expected');
    const within = sorted.filter((p) => comparePaths(p, query.from) >= 0 && comparePaths(p, query.to) < 0);
    const items = within.slice(0, Math.min(query.limit ?? 1000, pageLimit));
    const isLast = items.length === within.length;
    return Promise.resolve({ items, nextCursor: isLast ? null : (items.at(-1) ?? null) });
  };
  const scan: NamedScan<string> = { prefix: 'p', itemsPerRecord, list, pathOf: (path) => path };
  return { queries, scan, sorted };
}

/** What a scan told: the items of each record on a page, and which were to be read by themselves. */
async function told(slugs: readonly string[], scan: NamedScan<string>) {
  const { order, ...steps } = await scanned(slugs, scan);
  expect(order).toEqual(slugs.toSorted(compareSlugs));
  return steps;
}

/** The same, in whatever order. */
async function scanned(slugs: readonly string[], scan: NamedScan<string>) {
  const onPages = new Map<string, readonly string[]>();
  const alone: string[] = [];
  const order: string[] = [];
  for await (const step of scanNamed(slugs, scan, {})) {
    if (step.alone === undefined) onPages.set(step.slug, step.items);
    else alone.push(...step.alone);
    order.push(...(step.alone ?? [step.slug]));
  }
  return { onPages, alone, order };
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `s${i}`);

describe('a scan of named records', () => {
  it('takes a page for as many as it holds', async () => {
    const slugs = numbered(1200);
    const { queries, scan } = storeOf(slugs.map((slug) => `p/${slug}/text`));
    const { onPages, alone } = await told(slugs, scan);
    expect(onPages.size).toBe(1200);
    expect(alone).toEqual([]);
    expect(queries).toHaveLength(2);
  });

  it('tells of those that are not there, at no further cost', async () => {
    const { queries, scan } = storeOf(['p/a/t', 'p/z/t']);
    const { onPages } = await told(['a', 'b', 'c', 'y', 'z'], scan);
    expect([...onPages]).toEqual([
      ['a', ['p/a/t']],
      ['b', []],
      ['c', []],
      ['y', []],
      ['z', ['p/z/t']],
    ]);
    expect(queries).toHaveLength(1);
  });

  it('begins again at a record that a page cuts, and leaves one that no page holds to be read by itself', async () => {
    const long = Array.from({ length: 25 }, (_, i) => `p/m/${i}`);
    const paths = [...numbered(20).flatMap((slug) => [`p/${slug}/a`, `p/${slug}/b`]), ...long];
    const { scan } = storeOf(paths, 7, 2);
    const { onPages, alone } = await told(['m', ...numbered(20)], scan);
    for (const [slug, items] of onPages) expect(items).toEqual([`p/${slug}/a`, `p/${slug}/b`]);
    expect(alone).toContain('m');
    expect(onPages.size + alone.length).toBe(21);
  });

  it('costs hardly more requests than it names records where these lie far apart', async () => {
    const all = Array.from({ length: 5000 }, (_, i) => String(i).padStart(4, '0'));
    const wanted = all.filter((_, i) => i % 100 === 0);
    const { queries, scan } = storeOf(
      all.map((slug) => `p/${slug}/t`),
      50,
    );
    const { alone } = await told(wanted, scan);
    expect(queries.length + alone.length).toBeLessThanOrEqual(wanted.length + Math.ceil(wanted.length / 16));
  });

  describe('with reads by name', () => {
    const all = Array.from({ length: 20_000 }, (_, i) => String(i).padStart(5, '0'));
    const wanted = all.filter((_, i) => i % 17 === 0);
    const paths = all.map((slug) => `p/${slug}/t`);

    /** A scan whose reads by name know of `known`, and what they were asked. */
    const byNameOf = (known: ReadonlySet<string>) => {
      const asked: string[][] = [];
      const { queries, scan } = storeOf(paths);
      const read = (slugs: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> => {
        asked.push([...slugs]);
        const there = slugs.filter((slug) => known.has(slug));
        return Promise.resolve(new Map(there.map((slug) => [slug, [`p/${slug}/t`]])));
      };
      return { asked, queries, scan: { ...scan, byName: { perRequest: 1000, read } } };
    };

    it('costs a page and so many of these where records lie far apart', async () => {
      const { asked, queries, scan } = byNameOf(new Set(all));
      const { onPages } = await told(wanted, scan);
      for (const slug of wanted) expect(onPages.get(slug)).toEqual([`p/${slug}/t`]);
      expect([queries.length, asked.map(({ length }) => length)]).toEqual([1, [1000, 118]]);
    });

    it('goes on by pages where records lie together, or few are left', async () => {
      const { asked, scan } = byNameOf(new Set(all));
      await told(all.slice(0, 1900), scan);
      await told(wanted.slice(0, 10), scan);
      expect(asked).toEqual([]);
    });

    it('takes one of these for a few records that are to be of one moment', async () => {
      const { asked, queries, scan } = byNameOf(new Set(all));
      const few = [all.slice(0, 2), wanted.slice(0, 4), wanted.slice(0, 16)];
      for (const slugs of few) await told(slugs, { ...scan, isOfOneMoment: true });
      expect(asked).toEqual(few);
      expect(queries).toEqual([]);
      await told(all.slice(0, 1), { ...scan, isOfOneMoment: true });
      expect(asked).toHaveLength(few.length);
    });

    it('looks on pages for those that they do not know', async () => {
      const { asked, scan } = byNameOf(new Set(wanted.slice(0, 1000)));
      const { onPages, alone } = await scanned([...wanted, 'absent'], scan);
      const read = [...onPages.keys(), ...alone];
      expect(read.sort()).toEqual([...wanted, 'absent'].sort());
      expect(asked).toHaveLength(2);
    });
  });

  it('keeps to what was asked for: neighbours whose names begin alike, and values where a record would be', async () => {
    const paths = ['p/a', 'p/a-1/t', 'p/a.b/t', 'p/a/t', 'p/ab/t', 'p/~1x/t', 'p0/a/t', 'q/a/t'];
    const { scan } = storeOf(paths);
    const { onPages } = await told(['a', 'ab', '/x', 'none', 'a.b'], scan);
    expect(Object.fromEntries(onPages)).toEqual({
      a: ['p/a/t'],
      'a.b': ['p/a.b/t'],
      ab: ['p/ab/t'],
      '/x': ['p/~1x/t'],
      none: [],
    });
  });

  it('reads a few by themselves', async () => {
    const { queries, scan } = storeOf(['p/a/t']);
    expect((await told(['a', 'b', 'c', 'd'], scan)).alone).toEqual(['a', 'b', 'c', 'd']);
    expect(queries).toEqual([]);
  });

  it.each([1, 2, 3, 5, 1000])('is exact for every page size: %d', async (pageLimit) => {
    const slugs = ['a', 'a-2', 'a.c', 'a~', 'b/c', '😀', '\uffff', 'é', 'z', ...numbered(40)];
    const escaped = (slug: string): string => slug.replaceAll('~', '~0').replaceAll('/', '~1');
    const paths = slugs.flatMap((slug, i) =>
      Array.from({ length: (i * 7) % 4 }, (_, n) => `p/${escaped(slug)}/f${n}`),
    );
    const { scan, sorted } = storeOf(paths, pageLimit);
    const { onPages } = await told([...slugs, 'absent', 'zz'], scan);
    for (const [slug, items] of onPages) {
      expect(items).toEqual(sorted.filter((path) => isBelow(path, `p/${escaped(slug)}`)));
    }
  });

  it('passes the signal on, and what the store throws', async () => {
    const { queries, scan } = storeOf(['p/a/t']);
    const { signal } = new AbortController();
    await scanNamed(numbered(5), scan, { signal }).next();
    expect(queries[0]?.signal).toBe(signal);
    const broken = { ...scan, list: () => Promise.reject(new Error('cut')) };
    await expect(scanNamed(numbered(5), broken, {}).next()).rejects.toThrow('cut');
  });
});
