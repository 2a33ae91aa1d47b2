import { filter, firstValueFrom, ReplaySubject } from 'rxjs';
import type { Observable } from 'rxjs';
import type { DataSource, Repository } from '../../../src/index.js';
import { DustEntity, Field, Ref, Slug } from '../../../src/index.js';
import type { StorageMode } from '../../../src/metadata/types.js';
import { describeContract } from '../describe-contract.js';
import { MODES } from '../entities.js';

function defineShop(prefix: string[], mode: StorageMode) {
  @DustEntity({ prefix: [...prefix, 'companies'], mode })
  class Company {
    @Slug() id!: string;
    @Field({ type: 'string', required: true }) name!: string;
  }

  @DustEntity({ prefix: [...prefix, 'customers'], mode })
  class Customer {
    @Slug() id!: string;
    @Field({ type: 'string', required: true }) name!: string;
    @Ref(() => Company) companyId?: string | null;
    company?: Company | null;
  }

  @DustEntity({ prefix: [...prefix, 'orders'], mode })
  class Order {
    @Slug() id!: string;
    @Field({ type: 'integer', required: true }) total!: number;
    @Ref(() => Customer) customerId?: string | null;
    customer?: Customer | null;
    @Ref(() => Customer, { as: 'payer' }) paidBy?: string | null;
    payer?: Customer | null;
    @Ref(() => [Customer]) watcherIds?: string[] | null;
    watchers?: Customer[];
  }
  return { Company, Customer, Order };
}

type Shop = ReturnType<typeof defineShop>;
type Order = InstanceType<Shop['Order']>;

async function fill({ manager }: DataSource, { Company, Customer, Order }: Shop): Promise<void> {
  await manager.insert(Company, [
    { id: 'acme', name: 'Acme' },
    { id: 'dust', name: 'Dust' },
  ]);
  await manager.insert(Customer, [
    { id: 'ann', name: 'Ann', companyId: 'acme' },
    { id: 'bob', name: 'Bob', companyId: 'dust' },
    { id: 'eve/ö', name: 'Eve' },
  ]);
  await manager.insert(Order, [
    { id: 'a', total: 1, customerId: 'ann', paidBy: 'bob', watcherIds: ['eve/ö', 'gone', 'ann'] },
    { id: 'b', total: 2, customerId: 'bob', paidBy: 'bob' },
    { id: 'c', total: 3, customerId: 'gone', paidBy: '' },
    { id: 'd', total: 4 },
  ]);
}

describeContract('populate', (context) => {
  describe.each(MODES)('in %s mode', (mode) => {
    let shop: Shop;
    let dataSource: DataSource;
    let orders: Repository<Order>;

    beforeEach(async () => {
      shop = defineShop(context.uniquePrefix(), mode);
      dataSource = await context.connect(Object.values(shop));
      orders = dataSource.getRepository(shop.Order);
      await fill(dataSource, shop);
    });

    it('fills in what references name, and null for what is not there', async () => {
      const found = await orders.find({ populate: ['customer', 'payer', 'watchers'] });
      expect(
        found.map(({ id, customer, payer, watchers }) => [
          id,
          customer?.name ?? null,
          payer?.name ?? null,
          watchers.map(({ name }) => name).join(),
        ]),
      ).toEqual([
        ['a', 'Ann', 'Bob', 'Eve,Ann'],
        ['b', 'Bob', 'Bob', ''],
        ['c', null, null, ''],
        ['d', null, null, ''],
      ]);
      expect(found[0]?.customer).toBeInstanceOf(shop.Customer);
      expect(found[0]?.payer).toBe(found[1]?.customer);
    });

    it('fills in what lies beyond', async () => {
      const found = await orders.find({
        populate: { customer: { company: true } },
        order: { total: 'DESC' },
      });
      expect(found.map(({ customer }) => customer?.company?.name)).toEqual([
        undefined,
        undefined,
        'Dust',
        'Acme',
      ]);
    });

    it('does so in every read of entities', async () => {
      const populate = ['customer'] as const;
      const names = (list: readonly { readonly customer: { readonly name: string } | null }[]) =>
        list.map(({ customer }) => customer?.name);
      const where = { id: 'a' };
      const [counted] = await orders.findAndCount({ where, populate });
      const { items } = await orders.findPage({ where, populate });
      const one = await orders.findOne({ where, populate });
      const sure = await orders.findOneOrFail({ where, populate });
      const streamed = [];
      for await (const order of orders.stream({ where, populate })) streamed.push(order);
      const many = await orders.getMany(['a'], { populate });
      expect([counted, items, one === null ? [] : [one], [sure], streamed, many].map(names)).toEqual(
        Array.from({ length: 6 }, () => ['Ann']),
      );
      const listed = await orders.getMany(['b', 'z', 'c', 'b'], { populate: ['customer.company'] });
      expect(listed.map(({ id, customer }) => [id, customer?.company?.name])).toEqual([
        ['b', 'Dust'],
        ['c', undefined],
        ['b', 'Dust'],
      ]);
      expect(await orders.findOne({ where: { id: 'z' }, populate })).toBeNull();
    });

    it('leaves the entity what it is to a save', async () => {
      const order = await orders.findOneOrFail({ where: { id: 'a' }, populate: ['customer', 'watchers'] });
      const before = await context.stateOf(dataSource.getMetadata(shop.Order).prefix);
      await orders.save(order);
      expect(await context.stateOf(dataSource.getMetadata(shop.Order).prefix)).toEqual(before);
      order.total = 10;
      order.customerId = 'bob';
      await orders.save(order);
      const again = await orders.findOneOrFail({ where: { id: 'a' }, populate: ['customer'] });
      expect([again.total, again.customer?.name]).toEqual([10, 'Bob']);
    });
  });
});

describeContract(
  'live queries that populate',
  (context) => {
    let shop: Shop;
    let dataSource: DataSource;
    let orders: Repository<Order>;
    let release: (() => void)[];

    beforeEach(async () => {
      shop = defineShop(context.uniquePrefix(), 'flat');
      dataSource = await context.connect(Object.values(shop));
      orders = dataSource.getRepository(shop.Order);
      await fill(dataSource, shop);
      release = [];
    });

    afterEach(() => {
      for (const unsubscribe of release) unsubscribe();
    });

    /** Follows a live list as a text of names; `until` waits for a state. */
    const follow = <R>(source: Observable<R>, textOf: (shown: R) => string) => {
      const states = new ReplaySubject<string>();
      const seen: R[] = [];
      const subscription = source.subscribe({
        next: (shown) => {
          seen.push(shown);
          states.next(textOf(shown));
        },
        error: (error: unknown) => states.error(error),
      });
      release.push(() => subscription.unsubscribe());
      const until = (state: string): Promise<string> =>
        firstValueFrom(states.pipe(filter((other) => other === state)));
      return { seen, until };
    };

    const companies = (list: readonly Order[]): string =>
      list.map(({ id, customer }) => `${id}:${customer?.name}@${customer?.company?.name}`).join(' ');

    it('follow the records that they show by references', async () => {
      const live = orders.live({ where: { id: 'a' }, populate: ['customer.company'] });
      const { until } = follow(live, companies);
      await until('a:Ann@Acme');
      await dataSource.manager.update(shop.Customer, 'ann', { name: 'Anna' });
      await until('a:Anna@Acme');
      await dataSource.manager.update(shop.Company, 'acme', { name: 'Acme Inc.' });
      await until('a:Anna@Acme Inc.');
      await dataSource.manager.update(shop.Customer, 'ann', { companyId: 'dust' });
      await until('a:Anna@Dust');
      await orders.update('a', { customerId: 'bob' });
      await until('a:Bob@Dust');
      await dataSource.manager.delete(shop.Customer, 'bob');
      await until('a:undefined@undefined');
      await dataSource.manager.insert(shop.Customer, { id: 'bob', name: 'Bob again' });
      await until('a:Bob again@undefined');
    });

    it('show another instance of what shows something else, and the same of the others', async () => {
      const live = orders.live({ where: [{ id: 'a' }, { id: 'b' }], populate: ['customer'] });
      const names = (list: readonly Order[]): string => list.map(({ customer }) => customer?.name).join();
      const { seen, until } = follow(live, names);
      await until('Ann,Bob');
      await dataSource.manager.update(shop.Customer, 'ann', { name: 'Anna' });
      await until('Anna,Bob');
      const [first, second] = [seen[0], seen.at(-1)];
      expect(first?.map(({ customer }) => customer?.name)).toEqual(['Ann', 'Bob']);
      expect(second?.[0]).not.toBe(first?.[0]);
      expect(second?.[0]).toBeInstanceOf(shop.Order);
      expect(second?.[1]).toBe(first?.[1]);
    });

    it('follow the one record of liveOne', async () => {
      const live = orders.liveOne('a', { populate: ['customer'] });
      const { until } = follow(live, (order) => `${order?.id} ${order?.customer?.name}`);
      await until('a Ann');
      await dataSource.manager.update(shop.Customer, 'ann', { name: 'Anna' });
      await until('a Anna');
      await orders.delete('a');
      await until('undefined undefined');
    });

    it('take in orders with customers of their own', async () => {
      const names = (list: readonly Order[]): string => list.map(({ customer }) => customer?.name).join();
      const { until } = follow(orders.live({ populate: ['customer'] }), names);
      await until('Ann,Bob,,');
      await dataSource.manager.insert(shop.Customer, { id: 'new', name: 'New' });
      await orders.insert({ id: 'e', total: 5, customerId: 'new' });
      await until('Ann,Bob,,,New');
      await dataSource.manager.update(shop.Customer, 'new', { name: 'Newer' });
      await until('Ann,Bob,,,Newer');
    });
  },
  { needs: 'realtime' },
);
