import { Observable, skip } from 'rxjs';
import type { Repository } from '../../../../src/index.js';
import {
  AfterLoad,
  DataSource,
  DustEntity,
  EmbeddedTransport,
  Field,
  Ref,
  Slug,
} from '../../../../src/index.js';
import { RecordReader } from '../../../../src/query/index.js';
import { LiveLists } from '../../../../src/realtime/index.js';
import { LivePopulation } from '../../../../src/repository/populate/live-population.js';
import { settled } from '../../realtime/support/recording-logger.js';
import { Company, Customer, fillShop, numbered, Order, SHOP } from './shop.js';

/** Takes its time to load. */
@DustEntity('shouted')
class Shouted {
  @Slug() id!: string;
  @Ref(() => Customer) customerId?: string | null;
  customer?: Customer | null;
  label?: string;

  @AfterLoad()
  async shout(): Promise<void> {
    await settled();
    this.label = this.id.toUpperCase();
  }
}

/** Whose records of version 1 have a name without a mark. */
@DustEntity({
  prefix: 'marked',
  version: 2,
  upgrade: { 2: (raw) => ({ ...raw, name: `${raw.name as string}!` }) },
})
class Marked {
  @Slug() id!: string;
  @Field('string') name?: string | null;
  @Ref(() => Customer) customerId?: string | null;
  customer?: Customer | null;
}

/** Counts who watches the records below each prefix. */
function watchers(): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (prefix: string, more: number): void => {
    const count = (counts.get(prefix) ?? 0) + more;
    if (count === 0) counts.delete(prefix);
    else counts.set(prefix, count);
  };

  const original = EmbeddedTransport.prototype.watchRecords;
  jest.spyOn(EmbeddedTransport.prototype, 'watchRecords').mockImplementation(function watched(
    this: EmbeddedTransport,
    prefix,
  ) {
    const records$ = original.call(this, prefix);
    return new Observable((subscriber) => {
      add(prefix, 1);
      subscriber.add(records$.subscribe(subscriber));
      return () => {
        add(prefix, -1);
      };
    });
  });
  return counts;
}

async function quiet(): Promise<void> {
  for (let i = 0; i < 20; i++) await settled();
}

describe('live queries that populate', () => {
  let counts: Map<string, number>;
  let dataSource: DataSource;
  let orders: Repository<Order>;

  beforeEach(async () => {
    counts = watchers();
    dataSource = await new DataSource({ entities: [...SHOP, Shouted, Marked], logging: false }).initialize();
    orders = dataSource.getRepository(Order);
  });

  afterEach(async () => {
    await dataSource.destroy();
    jest.restoreAllMocks();
  });

  it('watch each class once, and nothing when they are left', async () => {
    await fillShop(dataSource.manager, 30);
    const subscriptions = [1, 2, 3].map((take) =>
      orders.live({ populate: ['customer.company', 'payer'], take }).subscribe(),
    );
    await quiet();
    expect([...counts].sort()).toEqual([
      ['companies', 1],
      ['customers', 1],
      ['orders', 1],
    ]);
    for (const subscription of subscriptions) subscription.unsubscribe();
    expect([...counts]).toEqual([]);
  });

  it('end at once what was left while it was being read', async () => {
    await fillShop(dataSource.manager, 30);
    const seen: unknown[] = [];
    const subscription = orders.live({ populate: ['customer.company'] }).subscribe((list) => seen.push(list));
    await Promise.resolve();
    subscription.unsubscribe();
    await quiet();
    expect([[...counts], seen]).toEqual([[], []]);
  });

  it('follow nothing more for who leaves when a list is about to be filled in', async () => {
    await fillShop(dataSource.manager, 3);
    const seen: unknown[] = [];
    const populated = orders.live({ populate: ['customer'] }).subscribe((list) => seen.push(list));
    await quiet();
    // It hears of the same change in the same turn, before anything is filled in.
    const plain = orders
      .live()
      .pipe(skip(1))
      .subscribe(() => {
        populated.unsubscribe();
      });
    await quiet();
    await orders.update(numbered('o', 0), { total: 9 });
    await quiet();
    plain.unsubscribe();
    expect([[...counts], seen.length]).toEqual([[], 1]);
  });

  it('share what they show with equal ones', async () => {
    await fillShop(dataSource.manager, 3);
    const reads = jest.spyOn(RecordReader.prototype, 'everyMatch');
    const seen: (readonly Order[])[][] = [[], [], []];
    const watch = (i: number, take: number) =>
      orders.live({ populate: ['customer'], skip: take }).subscribe((list) => seen[i]!.push(list));
    const first = watch(0, 0);
    await quiet();
    const second = watch(1, 0);
    expect(seen[1]).toEqual([]);
    const third = watch(2, 1);
    await quiet();
    expect(seen.map(({ length }) => length)).toEqual([1, 1, 1]);
    expect(seen[0]![0]).not.toBe(seen[1]![0]);
    expect(seen[0]![0]![1]).toBe(seen[1]![0]![1]);
    expect(seen[0]![0]![1]).not.toBe(seen[2]![0]![0]);
    expect(reads).toHaveBeenCalledTimes(4);
    first.unsubscribe();
    await dataSource.manager.update(Customer, numbered('c', 0), { name: 'Ann' });
    await quiet();
    expect(seen.map(({ length }) => length)).toEqual([1, 2, 1]);
    second.unsubscribe();
    third.unsubscribe();
    expect([...counts]).toEqual([]);
    watch(0, 0).unsubscribe();
    const again = watch(0, 0);
    await quiet();
    expect(seen[0]!.at(-1)?.[0]?.customer?.name).toBe('Ann');
    again.unsubscribe();
  });

  it('follow nothing that is not shown', async () => {
    await fillShop(dataSource.manager, 10);
    const lists: string[] = [];
    const subscription = orders
      .live({ populate: ['customer'], take: 1 })
      .subscribe(([order]) => lists.push(`${order?.id} ${order?.customer?.name}`));
    await quiet();
    await dataSource.manager.update(Customer, numbered('c', 5), { name: 'Somebody' });
    await quiet();
    await orders.delete(numbered('o', 0));
    await quiet();
    // The customer of the order that is gone.
    await dataSource.manager.update(Customer, numbered('c', 0), { name: 'Nobody' });
    await quiet();
    await dataSource.manager.update(Customer, numbered('c', 1), { name: 'Ann' });
    await quiet();
    expect(lists).toEqual(['o0000 Customer 0', 'o0001 Customer 1', 'o0001 Ann']);
    subscription.unsubscribe();
  });

  it('make one list of a batch that writes to several classes', async () => {
    await fillShop(dataSource.manager, 1);
    const lists: string[] = [];
    const subscription = orders
      .live({ populate: ['customer.company'] })
      .subscribe(([order]) =>
        lists.push(`${order?.total} ${order?.customer?.name} ${order?.customer?.company?.name}`),
      );
    await quiet();
    const fills = jest.spyOn(LivePopulation.prototype, 'fill');
    await dataSource.manager.batch((batch) => {
      batch.update(Order, numbered('o', 0), { total: 9 });
      batch.update(Customer, numbered('c', 0), { name: 'Ann' });
      batch.update(Company, numbered('f', 0), { name: 'Acme' });
    });
    await quiet();
    expect(lists).toEqual(['0 Customer 0 Company 0', '9 Ann Acme']);
    expect(fills).toHaveBeenCalledTimes(1);
    subscription.unsubscribe();
  });

  it('read the targets that are new, and few of those that are there', async () => {
    await fillShop(dataSource.manager, 512);
    const reads = jest.spyOn(RecordReader.prototype, 'everyMatch');
    const seen: (readonly Order[])[] = [];
    let open = 0;
    let mostOpen = 0;
    const original = LiveLists.prototype.observe;
    jest.spyOn(LiveLists.prototype, 'observe').mockImplementation(function observed(
      this: LiveLists<object>,
      ...given
    ) {
      return new Observable((subscriber) => {
        mostOpen = Math.max(mostOpen, ++open);
        subscriber.add(original.apply(this, given).subscribe(subscriber));
        return () => {
          open--;
        };
      });
    });
    const subscription = orders.live({ populate: ['customer'] }).subscribe((list) => seen.push(list));
    await quiet();
    expect(seen.at(-1)).toHaveLength(512);
    reads.mockClear();
    for (let n = 0; n < 64; n++) {
      await dataSource.manager.insert(Customer, { id: `new${n}`, name: `New ${n}` });
      await orders.insert({ id: `p${n}`, total: n, customerId: `new${n}` });
      await quiet();
    }
    expect(seen.at(-1)?.filter(({ customer }) => customer?.name.startsWith('New '))).toHaveLength(64);
    expect(seen).toHaveLength(1 + 64);
    const [early, late] = [seen[1], seen.at(-1)].map((list) => list?.find(({ id }) => id === 'p0'));
    expect([early?.customer?.name, early === late]).toEqual(['New 0', true]);
    const read = await Promise.all(
      reads.mock.results.map(({ value }) => value as Promise<readonly unknown[]>),
    );
    const records = read.reduce((sum, list) => sum + list.length, 0);
    // Each of the 64 is read again when its part is taken into a greater one: at most as often as it takes to double from 1 to 64.
    expect(records).toBeLessThanOrEqual(64 * 7);
    // The orders, and parts of customers of which each is greater than the next, one of them about to be replaced.
    expect(mostOpen).toBeLessThanOrEqual(1 + 9);
    subscription.unsubscribe();
    expect([[...counts], open]).toEqual([[], 0]);
  });

  it('let go of the targets that are no longer named', async () => {
    await fillShop(dataSource.manager, 64);
    let last: readonly Order[] = [];
    let lists = 0;
    const subscription = orders.live({ populate: ['customer'] }).subscribe((list) => {
      last = list;
      lists++;
    });
    await quiet();
    const reads = jest.spyOn(RecordReader.prototype, 'everyMatch');
    for (let n = 0; n < 60; n++) {
      await orders.update(numbered('o', n), { customerId: numbered('c', 60) });
      await quiet();
    }
    expect(new Set(last.map(({ customer }) => customer?.id)).size).toBe(4);
    expect(lists).toBe(1 + 60);
    const kept = (await reads.mock.results.at(-1)?.value) as readonly unknown[];
    expect(kept.length).toBeLessThanOrEqual(8);
    await dataSource.manager.update(Customer, numbered('c', 60), { name: 'Ann' });
    await quiet();
    expect(last.filter(({ customer }) => customer?.name === 'Ann')).toHaveLength(61);
    subscription.unsubscribe();
  });

  it('tell those who listen of each instance that they make', async () => {
    await fillShop(dataSource.manager, 2);
    await dataSource.manager.insert(
      Shouted,
      [0, 1].map((n) => ({ id: numbered('o', n), customerId: numbered('c', n) })),
    );
    const names: (string | undefined)[][] = [];
    const subscription = dataSource
      .getRepository(Shouted)
      .live({ populate: ['customer'] })
      .subscribe((list) => names.push(list.map(({ label, customer }) => `${label} ${customer?.name}`)));
    await quiet();
    await dataSource.manager.update(Customer, numbered('c', 1), { name: 'Ann' });
    await quiet();
    expect(names).toEqual([
      ['O0000 Customer 0', 'O0001 Customer 1'],
      ['O0000 Customer 0', 'O0001 Ann'],
    ]);
    subscription.unsubscribe();
  });

  it('make another instance of a record of an older class as the first one was made', async () => {
    await fillShop(dataSource.manager, 1);
    await dataSource.transport.set('marked/a', { name: 'Old', customerId: numbered('c', 0) });
    const seen: string[] = [];
    const subscription = dataSource
      .getRepository(Marked)
      .live({ populate: ['customer'] })
      .subscribe(([marked]) => seen.push(`${marked?.name} ${marked?.customer?.name}`));
    await quiet();
    await dataSource.manager.update(Customer, numbered('c', 0), { name: 'Ann' });
    await quiet();
    expect(seen).toEqual(['Old! Customer 0', 'Old! Ann']);
    subscription.unsubscribe();
  });

  it('refuse what find refuses', async () => {
    const failed = jest.fn();
    orders.live({ populate: ['nobody'] } as object).subscribe({ error: failed });
    orders.live({ populate: ['customer.nobody'] } as object).subscribe({ error: failed });
    orders.liveOne('a', { take: 1 } as object).subscribe({ error: failed });
    await quiet();
    expect(failed.mock.calls.map(([error]) => String(error))).toEqual([
      expect.stringContaining('Order has no reference "nobody"'),
      expect.stringContaining('Customer has no reference "nobody"'),
      expect.stringContaining('liveOne has no option "take"'),
    ]);
    expect([...counts]).toEqual([]);
  });

  it('complete when the data source is closed', async () => {
    await fillShop(dataSource.manager, 3);
    const complete = jest.fn();
    orders.live({ populate: ['customer'] }).subscribe({ complete });
    await quiet();
    await dataSource.destroy();
    expect(complete).toHaveBeenCalledTimes(1);
    expect([...counts]).toEqual([]);
  });
});
