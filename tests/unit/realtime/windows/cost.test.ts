import { DataSource } from '../../../../src/data-source/index.js';
import { DustEntity, Field, Index, Slug } from '../../../../src/decorators/index.js';
import { silentLogger } from '../../../../src/logging.js';
import type { Repository } from '../../../../src/repository/index.js';
import { createMemoryStorage, Store } from '../../../../src/store/index.js';
import { EmbeddedTransport } from '../../../../src/transport/embedded/index.js';
import { Counting } from '../../query/counting.js';
import { settled } from '../support/recording-logger.js';

const RECORDS = 100_000;
const GROUPS = 10;

@DustEntity('items')
@Index(['state', 'at'])
class Item {
  @Slug() slug!: string;
  @Field('string') state!: string;
  @Field('integer') at!: number;
  @Field('string') note?: string | null;
}

const slugOf = (i: number): string => `i${String(i).padStart(6, '0')}`;

let store: Store;
let transport: EmbeddedTransport;
let counting: Counting;
let source: DataSource;
let items: Repository<Item>;

beforeAll(async () => {
  store = new Store({ storage: createMemoryStorage() });
  transport = new EmbeddedTransport({ store });
  await transport.connect();
  for (let start = 0; start < RECORDS; start += 1000) {
    await transport.batchWrite(
      Array.from({ length: 1000 }, (_, k) => {
        const i = start + k;
        const value = { state: `s${i % GROUPS}`, at: i };
        return { op: 'set' as const, path: `items/${slugOf(i)}`, value };
      }),
    );
  }
  counting = new Counting(transport);
  source = new DataSource({
    entities: [Item],
    transport: counting,
    logger: silentLogger,
    validation: false,
  });
  items = (await source.initialize()).getRepository(Item);
}, 120_000);

afterAll(async () => {
  await source.destroy();
  await transport.close();
  await store.close();
});

/** What lies behind a window and is read for it. */
const HANDFUL = 2;

it.each([
  ['an index', { where: { state: 's3' }, order: { at: 'DESC' } }],
  ['an index, and something it does not know', { where: { state: 's3', note: 'x' }, order: { at: 'DESC' } }],
  ['the slug', { order: { slug: 'DESC' } }],
] as const)(
  'a window by %s of 100,000 records reads what it shows, and what takes its place',
  async (_, options) => {
    await items.update({ state: 's3' }, { note: 'x' });
    counting.records = 0;
    const lists: Item[][] = [];
    const subscription = items.live({ ...options, take: 20 }).subscribe((list) => lists.push(list));
    await settled();
    expect(lists.map((list) => list.length)).toEqual([20]);
    expect(counting.records).toBe(20);
    const reads = async (write: () => Promise<unknown>): Promise<number> => {
      counting.records = 0;
      await write();
      return counting.records;
    };
    const shown = lists[0]!;
    const [first, second] = [shown[0]!, shown[1]!];
    // Straight to the store, which reads nothing by this way.
    const set = (slug: string, value: object) => () => transport.merge(`items/${slug}`, value as never);
    // It changes in its place; it goes; it comes back; one that lies far behind changes; one enters that was behind.
    expect(await reads(set(first.slug, { note: 'x' }))).toBe(0);
    expect(await reads(() => transport.delete(`items/${first.slug}`))).toBeLessThanOrEqual(HANDFUL);
    expect(
      lists
        .at(-1)!
        .map(({ slug }) => slug)
        .slice(0, 19),
    ).toEqual(shown.slice(1).map(({ slug }) => slug));
    expect(lists.at(-1)).toHaveLength(20);
    expect(await reads(set(first.slug, { state: 's3', at: first.at, note: 'x' }))).toBe(0);
    expect(lists.at(-1)!.map((item) => item.slug)).toEqual(shown.map((item) => item.slug));
    const told = lists.length;
    expect(await reads(set(slugOf(13), { note: 'x' }))).toBe(0);
    expect(await reads(set(slugOf(14), { at: 14 }))).toBe(0);
    expect(lists).toHaveLength(told);
    expect(await reads(set(second.slug, { state: 's3', at: second.at, note: 'x' }))).toBe(0);
    subscription.unsubscribe();
  },
  60_000,
);

it('a thousand windows read nothing when a record changes that is in none of them', async () => {
  const subscriptions = Array.from({ length: 1000 }, (_, i) =>
    items
      .live({
        where: { state: `s${i % GROUPS}` },
        order: { at: 'DESC' },
        skip: Math.floor(i / GROUPS),
        take: 3,
      })
      .subscribe(),
  );
  await settled();
  counting.records = 0;
  await transport.set(`items/${slugOf(7)}/note`, 'y');
  expect(counting.records).toBe(0);
  for (const subscription of subscriptions) subscription.unsubscribe();
});
