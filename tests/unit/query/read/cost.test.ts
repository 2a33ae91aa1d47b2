import { DustEntity, Field, Index, Slug } from '../../../../src/decorators/index.js';
import { DataSource } from '../../../../src/data-source/index.js';
import { silentLogger } from '../../../../src/logging.js';
import type { FindPageOptions } from '../../../../src/query/index.js';
import { Between, Like, MoreThan } from '../../../../src/query/index.js';
import type { Repository } from '../../../../src/repository/index.js';
import { createMemoryStorage, Store } from '../../../../src/store/index.js';
import { EmbeddedTransport } from '../../../../src/transport/embedded/index.js';
import type { Transport, TransportCapabilities } from '../../../../src/transport/transport.js';
import { Counting } from '../counting.js';

const RECORDS = 100_000;
const GROUPS = 10;

@DustEntity('items')
@Index(['state', 'at'])
class Item {
  @Slug() slug!: string;
  @Field('integer') @Index() n!: number;
  @Field('string') state!: string;
  @Field('integer') at!: number;
}

const slugOf = (i: number): string => `i${String(i).padStart(6, '0')}`;

/** The same by listings. */
class CountingListings extends Counting {
  override get capabilities(): TransportCapabilities {
    return { ...super.capabilities, localReads: false, indexes: false };
  }

  override localRecords(): undefined {
    return undefined;
  }
}

let store: Store;
let transport: EmbeddedTransport;
let local: Counting;
let listings: CountingListings;
const sources: DataSource[] = [];
let items: Repository<Item>;
let listed: Repository<Item>;

async function over(way: Transport): Promise<Repository<Item>> {
  const source = new DataSource({
    entities: [Item],
    transport: way,
    logger: silentLogger,
    validation: false,
  });
  sources.push(source);
  return (await source.initialize()).getRepository(Item);
}

beforeAll(async () => {
  store = new Store({ storage: createMemoryStorage() });
  transport = new EmbeddedTransport({ store });
  await transport.connect();
  for (let start = 0; start < RECORDS; start += 1000) {
    await transport.batchWrite(
      Array.from({ length: 1000 }, (_, k) => {
        const i = start + k;
        const value = { n: i, state: `s${i % GROUPS}`, at: Math.floor(i / GROUPS) };
        return { op: 'set' as const, path: `items/${slugOf(i)}`, value };
      }),
    );
  }
  local = new Counting(transport);
  listings = new CountingListings(transport);
  items = await over(local);
  listed = await over(listings);
}, 120_000);

afterAll(async () => {
  for (const source of sources) await source.destroy();
  await transport.close();
  await store.close();
});

beforeEach(() => {
  local.records = 0;
  listings.requests = 0;
});

/** A page's records and one more tell whether there is another page. */
const PAGE = 25;

const equal = { state: 's3' };
const WAYS: readonly [string, FindPageOptions<Item>, number][] = [
  ['slug', { order: { slug: 'ASC' } }, RECORDS],
  ['falling slug', { order: { slug: 'DESC' } }, RECORDS],
  ['an index', { order: { n: 'ASC' } }, RECORDS],
  ['a falling index', { order: { n: 'DESC' } }, RECORDS],
  ['an index, null in front', { order: { n: { direction: 'ASC', nulls: 'FIRST' } } }, RECORDS],
  ['equality and the order of an index', { where: equal, order: { at: 'ASC' } }, RECORDS / GROUPS],
  ['equality and the falling order of an index', { where: equal, order: { at: 'DESC' } }, RECORDS / GROUPS],
  ['equality and slugs among equals', { where: equal, order: { at: 'ASC', slug: 'ASC' } }, RECORDS / GROUPS],
];

describe.each(WAYS)('pages of 20 by %s', (_, options, matches) => {
  it.each([
    ['first', 0],
    ['in the middle', 0.5],
    ['last', 1],
  ])('cost what they hold, the %s', async (__, place) => {
    // Reads what lies in front of the page in one go, for its cursor.
    const before = Math.max(0, Math.round(matches * place) - (place === 1 ? 10 : 0));
    const after = before === 0 ? null : (await items.findPage({ ...options, take: before })).cursor;
    local.records = 0;
    const page = await items.findPage({ ...options, take: 20, after });
    expect(page.items).toHaveLength(place === 1 ? 10 : 20);
    expect(local.records).toBeLessThanOrEqual(PAGE);
  });
});

it('what is asked of an index reads what it finds', async () => {
  expect(await items.findOneBy({ n: 4711 })).toMatchObject({ slug: slugOf(4711) });
  expect(local.records).toBe(1);
  expect(await items.find({ where: { n: Between(10, 12) } })).toHaveLength(3);
  expect(local.records).toBe(4);
});

it('what is counted by an index, or in all, is not read', async () => {
  expect(await items.countBy({ n: Between(1000, 1999) })).toBe(1000);
  expect(await items.countBy({ state: 's3', at: MoreThan(9989) })).toBe(10);
  expect(await items.count()).toBe(RECORDS);
  expect(await items.countBy({ slug: Like('i0000%') })).toBe(100);
  expect(await items.existsBy({ n: MoreThan(99_998) })).toBe(true);
  const [found, count] = await items.findAndCount({ where: { state: 's3' }, order: { at: 'DESC' }, take: 5 });
  expect([found.length, count]).toEqual([5, RECORDS / GROUPS]);
  expect(local.records).toBe(5);
});

it('an extreme of an indexed property is read alone', async () => {
  expect(await items.minimum('n')).toBe(0);
  expect(await items.maximum('n')).toBe(RECORDS - 1);
  expect(await items.maximum('at', { state: 's3' })).toBe(RECORDS / GROUPS - 1);
  expect(local.records).toBe(3);
});

it('a page by a range of slugs takes one request where records are listed', async () => {
  for (const direction of ['ASC', 'DESC'] as const) {
    const options = { where: { slug: MoreThan(slugOf(50_000)) }, order: { slug: direction } };
    listings.requests = 0;
    const first = await listed.findPage(options);
    expect(first.items.map(({ n }) => n)[0]).toBe(direction === 'ASC' ? 50_001 : 99_999);
    expect(listings.requests).toBe(1);
    const second = await listed.findPage({ ...options, after: first.cursor });
    expect(second.items.map(({ n }) => n)[0]).toBe(direction === 'ASC' ? 50_021 : 99_979);
    expect(listings.requests).toBe(2);
  }
});
