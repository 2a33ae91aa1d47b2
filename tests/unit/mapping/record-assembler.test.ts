import fc from 'fast-check';
import { assembleRecords, toStoredRecord } from '../../../src/mapping/index.js';
import type { AssemblyOptions, LeafPage, StoredRecord } from '../../../src/mapping/index.js';
import { comparePaths } from '../../../src/protocol/paths/order.js';
import { childPath, isBelow } from '../../../src/protocol/paths/path.js';
import type { Leaf } from '../../../src/protocol/values/value.js';

function leaf(path: string, revision = 1): Leaf {
  return { path, value: revision, type: 'integer', revision };
}

async function* pagesOf(...pages: string[][]): AsyncGenerator<LeafPage> {
  for (const [i, paths] of pages.entries()) {
    yield {
      items: paths.map((path) => leaf(path)),
      nextCursor: i < pages.length - 1 ? (paths.at(-1) ?? 'none') : null,
    };
  }
}

async function collect(records: AsyncIterable<StoredRecord>): Promise<StoredRecord[]> {
  const collected: StoredRecord[] = [];
  for await (const record of records) collected.push(record);
  return collected;
}

/** Slugs and paths of the records of these pages, and which slugs were read again. */
async function assemble(pages: string[][], options: Partial<AssemblyOptions> = {}) {
  const reread: string[] = [];
  const strays: string[] = [];
  const records = await collect(
    assembleRecords('p', pagesOf(...pages), {
      reread: async (slug) => {
        reread.push(slug);
        return [leaf(`${childPath('p', slug)}/again`, 9)];
      },
      onStray: ({ path }) => strays.push(path),
      ...options,
    }),
  );
  return {
    records: records.map(({ slug, leaves }) => [slug, leaves.map(({ path }) => path)]),
    reread,
    strays,
  };
}

describe('assembleRecords', () => {
  it('groups the leaves of one page by record', async () => {
    expect(await assemble([['p/a/t', 'p/a/u/v', 'p/b/t']])).toEqual({
      records: [
        ['a', ['p/a/t', 'p/a/u/v']],
        ['b', ['p/b/t']],
      ],
      reread: [],
      strays: [],
    });
  });

  it('gives a record the greatest revision of its leaves, and an unescaped slug', async () => {
    async function* one(): AsyncGenerator<LeafPage> {
      yield {
        items: [leaf('p/x~1y~0/a', 3), leaf('p/x~1y~0/b', 8), leaf('p/x~1y~0/c', 5)],
        nextCursor: null,
      };
    }
    const [record] = await collect(assembleRecords('p', one(), { reread: async () => [] }));
    expect(record).toMatchObject({ slug: 'x/y~', revision: 8 });
  });

  it('reads a record again that a page border may have cut, once', async () => {
    expect(
      await assemble([
        ['p/a/t', 'p/b/t'],
        ['p/b/u', 'p/b/v'],
        ['p/b/w', 'p/c/t'],
      ]),
    ).toEqual({
      records: [
        ['a', ['p/a/t']],
        ['b', ['p/b/again']],
        ['c', ['p/c/t']],
      ],
      reread: ['b'],
      strays: [],
    });
  });

  it('reads it again even when its last leaf ended the page: a later one may have gone since', async () => {
    expect((await assemble([['p/a/t', 'p/a/u'], ['p/b/t']])).reread).toEqual(['a']);
  });

  it('leaves out a record that has gone in the meantime', async () => {
    const { records } = await assemble([['p/a/t', 'p/b/t'], ['p/c/t']], { reread: async () => [] });
    expect(records.map(([slug]) => slug)).toEqual(['a', 'c']);
  });

  it('is not confused by an empty page', async () => {
    const { records, reread } = await assemble([['p/a/t'], [], ['p/a/u', 'p/b/t']]);
    expect(records.map(([slug]) => slug)).toEqual(['a', 'b']);
    expect(reread).toEqual(['a']);
    expect(await assemble([[]])).toEqual({ records: [], reread: [], strays: [] });
  });

  it('keeps a leaf at a record path out of all records, wherever it stands', async () => {
    expect(await assemble([['p/b', 'p/b-2/t', 'p/b/t', 'p/c']])).toEqual({
      records: [
        ['b-2', ['p/b-2/t']],
        ['b', ['p/b/t']],
      ],
      reread: [],
      strays: ['p/b', 'p/c'],
    });
    expect(
      (
        await assemble([
          ['p/a/t', 'p/b'],
          ['p/b-2/t', 'p/b/t'],
        ])
      ).reread,
    ).toEqual([]);
    const { records } = await assemble([['p/a/t'], ['p/b/t']], { reread: async () => [leaf('p/a')] });
    expect(records).toEqual([['b', ['p/b/t']]]);
  });

  it('works in descending order, with each record in store order', async () => {
    expect(
      await assemble(
        [
          ['p/c/u', 'p/c/t', 'p/b/u'],
          ['p/b/t', 'p/a/t'],
        ],
        { order: 'desc' },
      ),
    ).toMatchObject({
      records: [
        ['c', ['p/c/t', 'p/c/u']],
        ['b', ['p/b/again']],
        ['a', ['p/a/t']],
      ],
      reread: ['b'],
    });
  });

  it('stops the listing when nobody wants more', async () => {
    let closed = false;
    async function* endless(): AsyncGenerator<LeafPage> {
      try {
        for (let i = 0; ; i++) yield { items: [leaf(`p/${i}/t`), leaf(`p/${i}x/t`)], nextCursor: 'more' };
      } finally {
        closed = true;
      }
    }
    for await (const record of assembleRecords('p', endless(), { reread: async () => [] })) {
      expect(record.slug).toBe('0');
      break;
    }
    expect(closed).toBe(true);
  });

  it('passes an error of the listing on', async () => {
    async function* failing(): AsyncGenerator<LeafPage> {
      yield { items: [leaf('p/a/t')], nextCursor: 'p/a/t' };
      throw new Error('page 2 is lost');
    }
    await expect(collect(assembleRecords('p', failing(), { reread: async () => [] }))).rejects.toThrow(
      'page 2 is lost',
    );
  });

  it('shows every record as it stood at one moment while others write', async () => {
    const slug = fc.constantFrom('b', 'b-2', 'b.c', 'bb', 'a/b', 'é', '😀', '\uffee');
    const write = fc.record({ slug, fields: fc.subarray(['a', 'b', 'c', 'd']), stray: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(write, { maxLength: 12 }),
        fc.array(fc.array(write, { maxLength: 3 }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom('asc' as const, 'desc' as const),
        async (seed, between, limit, order) => {
          const store = new VersionedStore();
          seed.forEach((change) => store.write(change));
          const records = await collect(
            assembleRecords('p', store.list(limit, order, between), {
              order,
              reread: async (wanted) => store.subtree(childPath('p', wanted)),
            }),
          );
          for (const record of records) {
            expect(store.history.get(record.slug)).toContainEqual(record.leaves);
            expect(record.revision).toBe(Math.max(...record.leaves.map(({ revision }) => revision)));
          }
          const slugs = records.map((record) => record.slug);
          expect(new Set(slugs).size).toBe(slugs.length);
          const inOrder = records.map((record) => record.leaves[0]!.path);
          expect(inOrder).toEqual(
            inOrder.toSorted((a, b) => (order === 'asc' ? comparePaths(a, b) : comparePaths(b, a))),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** A store whose records are replaced between the pages of a listing, and which remembers all they have been. */
class VersionedStore {
  #leaves: Leaf[] = [];
  #seq = 0;
  readonly history = new Map<string, Leaf[][]>();

  write({ slug, fields, stray }: { slug: string; fields: string[]; stray: boolean }): void {
    const path = childPath('p', slug);
    const revision = ++this.#seq;
    this.#leaves = this.#leaves
      .filter((present) => present.path !== path && !isBelow(present.path, path))
      .concat(
        stray ? [leaf(path, revision)] : [],
        fields.map((name) => leaf(`${path}/${name}`, revision)),
      )
      .sort((a, b) => comparePaths(a.path, b.path));
    this.history.set(slug, [
      ...(this.history.get(slug) ?? []),
      this.subtree(path).filter((own) => own.path !== path),
    ]);
  }

  subtree(path: string): Leaf[] {
    return this.#leaves.filter((present) => present.path === path || isBelow(present.path, path));
  }

  async *list(
    limit: number,
    order: 'asc' | 'desc',
    between: { slug: string; fields: string[]; stray: boolean }[][],
  ): AsyncGenerator<LeafPage> {
    const direction = order === 'asc' ? 1 : -1;
    let after: string | undefined;
    for (let page = 0; ; page++) {
      const rest = this.#leaves
        .toSorted((a, b) => direction * comparePaths(a.path, b.path))
        .filter(({ path }) => after === undefined || direction * comparePaths(path, after) > 0);
      const items = rest.slice(0, limit);
      const isLast = rest.length <= limit;
      yield { items, nextCursor: isLast ? null : (items.at(-1)?.path ?? null) };
      if (isLast) return;
      after = items.at(-1)?.path;
      between[page]?.forEach((change) => this.write(change));
    }
  }
}

describe('toStoredRecord', () => {
  it('leaves a leaf at the record path out', () => {
    expect(toStoredRecord('p', 'a', [leaf('p/a', 9), leaf('p/a/t', 2)])).toEqual({
      slug: 'a',
      leaves: [leaf('p/a/t', 2)],
      revision: 2,
    });
  });

  it('is undefined without leaves', () => {
    expect(toStoredRecord('p', 'a', [])).toBeUndefined();
    expect(toStoredRecord('p', 'a', [leaf('p/a')])).toBeUndefined();
  });
});
