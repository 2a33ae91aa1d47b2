import { firstValueFrom } from 'rxjs';
import { DataSource } from '../../../../src/data-source/index.js';
import { DustEntity, Field, Index, Slug } from '../../../../src/decorators/index.js';
import { silentLogger } from '../../../../src/logging.js';
import type { LiveOptions } from '../../../../src/realtime/index.js';
import type { OnInvalidRecord } from '../../../../src/query/index.js';
import type { Repository } from '../../../../src/repository/index.js';
import { createMemoryStorage, Store } from '../../../../src/store/index.js';
import { EmbeddedTransport } from '../../../../src/transport/embedded/index.js';
import { stillHeld } from '../../garbage.js';
import { Counting } from '../../query/counting.js';
import { settled } from '../support/recording-logger.js';

@DustEntity('items')
class Item {
  @Slug() slug!: string;
  @Field('integer', { required: true }) @Index() n!: number;
  @Field('string') note?: string;
  @Field('integer') plain?: number;
}

let store: Store;
let transport: EmbeddedTransport;
let counting: Counting;
let source: DataSource | undefined;
let items: Repository<Item>;

const open = async (onInvalidRecord: OnInvalidRecord = 'skip') => {
  source = new DataSource({ entities: [Item], transport: counting, logger: silentLogger, onInvalidRecord });
  items = (await source.initialize()).getRepository(Item);
};

beforeEach(async () => {
  store = new Store({ storage: createMemoryStorage() });
  transport = new EmbeddedTransport({ store });
  await transport.connect();
  counting = new Counting(transport);
});

afterEach(async () => {
  await source?.destroy();
  await transport.close();
  await store.close();
});

/** So many items, the first with the least number. */
async function fill(count: number, value: (i: number) => object = () => ({})): Promise<void> {
  const all = Array.from({ length: count }, (_, i) => [slugOf(i), { n: i, ...value(i) }]);
  await transport.set('items', Object.fromEntries(all) as never);
}

const slugOf = (i: number): string => `i${String(i).padStart(4, '0')}`;

function watch(options: LiveOptions<Item>) {
  const lists: Item[][] = [];
  const errors: unknown[] = [];
  const subscription = items.live(options).subscribe({
    next: (list) => lists.push(list),
    error: (error) => errors.push(error),
  });
  const shown = () => lists.map((list) => list.map(({ n }) => n).join(' '));
  return { lists, errors, shown, subscription };
}

describe('a window of a live query', () => {
  it('is given up for all matches when what is looked for behind it is rare, and shows the same', async () => {
    await fill(2000, (i) => ({ note: i < 5 || i % 400 === 0 ? 'x' : 'y' }));
    await open();
    const options = { where: { note: 'x' }, order: { n: 'ASC' }, take: 3 } as const;
    const { shown, lists } = watch(options);
    await settled();
    counting.records = 0;
    await transport.delete(`items/${slugOf(0)}`);
    await transport.delete(`items/${slugOf(1)}`);
    await settled();
    expect(shown()).toEqual(['0 1 2', '1 2 3', '2 3 4']);
    expect(counting.records).toBeLessThan(10);
    counting.records = 0;
    const [, second] = lists.at(-1)!;
    await transport.delete(`items/${slugOf(2)}`);
    const late = firstValueFrom(items.live(options));
    for (let turn = 0; turn < 200 && lists.length < 4; turn++) await settled();
    expect(shown().at(-1)).toBe('3 4 400');
    expect(counting.records).toBeGreaterThan(1900);
    expect((await late).map(({ n }) => n)).toEqual([3, 4, 400]);
    // What it showed before stays the same instance.
    expect(lists.at(-1)![0]).toBe(second);
    // From now on nothing is read any more.
    counting.records = 0;
    await transport.delete(`items/${slugOf(3)}`);
    await transport.delete(`items/${slugOf(4)}`);
    expect(shown().at(-1)).toBe('400 800 1200');
    expect(counting.records).toBe(0);
  });

  it('that is given up hears of what happens while all is read', async () => {
    await fill(2000, (i) => ({ note: i < 3 ? 'x' : 'y' }));
    await open();
    const { shown, lists } = watch({ where: { note: 'x' }, order: { n: 'ASC' }, take: 3 });
    await settled();
    await transport.delete(`items/${slugOf(0)}`);
    await transport.set(`items/${slugOf(1500)}/note`, 'x');
    await transport.delete(`items/${slugOf(1)}`);
    for (let turn = 0; turn < 200 && lists.length < 2; turn++) await settled();
    expect(shown()).toEqual(['0 1 2', '2 1500']);
  });

  it('shows no half of a commit when the store is ahead of what it is told', async () => {
    await fill(6);
    await open();
    const { shown } = watch({ order: { n: 'ASC' }, take: 3 });
    await settled();
    const set = (n: number, to: number) => ({ op: 'set', path: `items/${slugOf(n)}/n`, value: to }) as const;
    // The second one is there before anybody hears of the first: one moves in as another one moves out.
    await Promise.all([
      transport.delete(`items/${slugOf(0)}`),
      transport.batchWrite([set(1, 30), set(3, 20), set(5, 1)]),
    ]);
    expect(shown()).toEqual(['0 1 2', '1 2 4']);
    expect((await items.find({ order: { n: 'ASC' }, take: 3 })).map(({ n }) => n)).toEqual([1, 2, 4]);
  });

  it('keeps its instances when all of it is read again', async () => {
    await fill(6);
    await open();
    const { lists } = watch({ order: { n: 'ASC' }, take: 3 });
    await settled();
    await Promise.all([transport.delete(`items/${slugOf(0)}`), transport.delete(`items/${slugOf(5)}`)]);
    expect(lists[1]!.slice(0, 2)).toEqual(lists[0]!.slice(1));
    expect(lists[1]![0]).toBe(lists[0]![1]);
    expect(lists[1]![1]).toBe(lists[0]![2]);
  });

  it.each<[string, LiveOptions<Item>]>([
    ['no index yields the order', { order: { plain: 'ASC' }, take: 3 }],
    ['there is no end to it', { order: { n: 'ASC' } }],
    ['it is large', { order: { n: 'ASC' }, take: 501 }],
    ['its place is far', { order: { n: 'ASC' }, skip: 500, take: 1 }],
  ])('holds all matches where %s', async (_, options) => {
    await fill(30, (i) => ({ plain: i }));
    await open();
    const { lists } = watch(options);
    await settled();
    counting.records = 0;
    for (let i = 0; i < 5; i++) await transport.delete(`items/${slugOf(i)}`);
    expect(counting.records).toBe(0);
    expect(lists.at(-1)).toEqual(await items.find(options));
  });

  it('fails as a read does when what it fetches cannot be an entity', async () => {
    await fill(5);
    await transport.delete(`items/${slugOf(3)}/n`);
    await transport.set(`items/${slugOf(3)}/note`, 'no number');
    await open('throw');
    const byNumber = watch({ order: { n: 'ASC' }, take: 3 });
    const bySlug = watch({ order: { slug: 'ASC' }, take: 3 });
    await settled();
    await transport.delete(`items/${slugOf(0)}`);
    expect([bySlug.shown(), bySlug.errors]).toMatchObject([['0 1 2'], [{ kind: 'invalid_record' }]]);
    // By the number it lies at the very end.
    expect([byNumber.shown(), byNumber.errors]).toEqual([['0 1 2', '1 2 4'], []]);
    await transport.delete(`items/${slugOf(1)}`);
    expect(byNumber.errors).toMatchObject([{ kind: 'invalid_record' }]);
  });

  it('passes over records that cannot be entities, and hears of those that become such', async () => {
    const problems: string[] = [];
    await fill(6);
    await open((problem) => problems.push(problem.slug));
    const { shown } = watch({ order: { slug: 'ASC' }, take: 3 });
    await settled();
    await transport.set(`items/${slugOf(1)}/n`, 'none');
    await transport.set(`items/${slugOf(4)}/n`, 'none');
    await transport.delete(`items/${slugOf(0)}`);
    await transport.set(`items/${slugOf(4)}/n`, 4);
    expect(shown()).toEqual(['0 1 2', '0 2 3', '2 3 5', '2 3 4']);
    expect(problems).toEqual(expect.arrayContaining([slugOf(1), slugOf(4)]));
  });

  it('lets go of what it fetched by a property that it hands nobody out', async () => {
    await fill(5, () => ({ note: 'x' }));
    await open();
    const { shown } = watch({ where: { note: 'x' }, select: ['slug', 'n'], take: 2 });
    await settled();
    await transport.delete(`items/${slugOf(0)}`);
    await transport.set(`items/${slugOf(2)}/note`, 'y');
    expect(shown()).toEqual(['0 1', '1 2', '1 3']);
  });

  it('keeps nothing of what has left it', async () => {
    await fill(12);
    await open();
    const seen: WeakRef<Item>[] = [];
    const subscription = items.live({ take: 2 }).subscribe((list) => {
      for (const item of list) seen.push(new WeakRef(item));
    });
    await settled();
    for (let i = 0; i < 10; i++) await transport.delete(`items/${slugOf(i)}`);
    expect(seen).toHaveLength(22);
    expect(await stillHeld(seen)).toBeLessThanOrEqual(4);
    subscription.unsubscribe();
  });

  it('shares one window among equal queries, and fetches once for all', async () => {
    await fill(50);
    await open();
    const all = Array.from({ length: 10 }, () => watch({ order: { n: 'ASC' }, take: 5 }));
    await settled();
    expect(counting.records).toBe(5);
    await transport.delete(`items/${slugOf(0)}`);
    expect(counting.records).toBe(6);
    expect(all.map(({ shown }) => shown())).toEqual(all.map(() => ['0 1 2 3 4', '1 2 3 4 5']));
  });
});
