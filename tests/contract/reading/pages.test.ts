import type { FindPageOptions, Repository } from '../../../src/index.js';
import { MoreThan } from '../../../src/index.js';
import type { EntityClass } from '../../../src/metadata/types.js';
import { describeContract } from '../describe-contract.js';
import type { Item } from '../entities.js';
import { defineItem } from '../entities.js';

/** More are walked by `PAGES_RECORDS=10000`. */
const RECORDS = Number(process.env.PAGES_RECORDS ?? 120);
const TAKE = Math.max(25, RECORDS / 20);

const slugOf = (rank: number): string => `record-${String(rank).padStart(6, '0')}`;

describeContract('pages', (context) => {
  let entity: EntityClass<Item>;
  let prefix: string;
  let items: Repository<Item>;

  beforeEach(async () => {
    const segments = context.uniquePrefix();
    prefix = segments.join('/');
    entity = defineItem(segments);
    items = (await context.connect([entity])).getRepository(entity);
    await items.insertMany(
      Array.from({ length: RECORDS }, (_, rank) => ({ slug: slugOf(rank), rank, name: `n${rank % 3}` })),
    );
  });

  async function walk(options: FindPageOptions<Item>, between?: (page: number) => Promise<unknown>) {
    const seen: string[] = [];
    let page = await items.findPage({ ...options, take: TAKE });
    for (let pages = 1; ; pages++) {
      expect(page.items.length).toBeLessThanOrEqual(TAKE);
      seen.push(...page.items.map(({ slug }) => slug));
      expect(page.hasMore).toBe(page.cursor !== null);
      if (!page.hasMore) return seen;
      await between?.(pages);
      page = await items.findPage({ ...options, take: TAKE, after: page.cursor });
    }
  }

  it.each<[string, FindPageOptions<Item>]>([
    ['store order', {}],
    ['falling slugs', { order: { slug: 'DESC' } }],
    ['a property', { order: { rank: 'DESC' } }],
    ['equal values', { order: { name: 'ASC' }, where: { rank: MoreThan(-1) } }],
  ])('in the order of %s hold every record once, however others come and go', async (_, options) => {
    const expected = (await items.find(options)).map(({ slug }) => slug);
    expect(await walk(options)).toEqual(expected);

    const other = await context.otherWriter();
    const gone = new Set<string>();
    const seen = await walk(options, async (page) => {
      // One that was seen, one that may not have been, one in front of all and one behind.
      for (const rank of [page, RECORDS - page]) {
        gone.add(slugOf(rank));
        await other.delete(`${prefix}/${slugOf(rank)}`);
      }
      await other.set(`${prefix}/a${page}`, { rank: -page, name: 'n0' });
      await other.set(`${prefix}/z${page}`, { rank: RECORDS + page, name: 'n2' });
    });

    expect(new Set(seen).size).toBe(seen.length);
    const stayed = expected.filter((slug) => !gone.has(slug));
    expect(seen.filter((slug) => slug.startsWith('record-') && !gone.has(slug))).toEqual(stayed);
  });

  it('refuse a cursor of other options', async () => {
    const { cursor } = await items.findPage({ take: TAKE });
    await expect(items.findPage({ order: { rank: 'ASC' }, after: cursor })).rejects.toMatchObject({
      kind: 'invalid_options',
      detail: 'invalid_cursor',
    });
  });
});
