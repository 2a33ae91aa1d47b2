import { IsDefined, ValidateNested } from 'class-validator';
import type { Repository } from '../../src/index.js';
import { DataSource, DustEntity, Field, Ref, Slug } from '../../src/index.js';
import { RecordingLogger } from '../unit/realtime/support/recording-logger.js';

/** What TypeORM's documentation says of relations, as far as references have it. */

@DustEntity('companies')
class Company {
  @Slug() id!: string;
  @Field('string', { required: true }) name!: string;
  @Ref(() => Customer) ownerId?: string | null;
  owner?: Customer | null;
}

@DustEntity('customers')
class Customer {
  @Slug() id!: string;
  @Field('string', { required: true }) name!: string;
  @Ref(() => Company) companyId?: string | null;
  @ValidateNested() @IsDefined() company?: Company | null;
}

@DustEntity('tags')
class Tag {
  @Slug() id!: string;
  @Field('string') label?: string;
}

@DustEntity('orders')
class Order {
  @Slug() id!: string;
  @Field('integer', { required: true }) total!: number;
  @Ref(() => Customer, { required: true, index: true }) customerId!: string;
  customer?: Customer | null;
  @Ref(() => Customer, { as: 'payer', name: 'paid_by' }) paidBy?: string | null;
  payer?: Customer | null;
  @Ref(() => [Tag]) tagIds?: string[] | null;
  tags?: Tag[];
}

describe('relations as references', () => {
  let logger: RecordingLogger;
  let dataSource: DataSource;
  let orders: Repository<Order>;

  beforeEach(async () => {
    logger = new RecordingLogger();
    dataSource = await new DataSource({ entities: [Order, Customer, Company, Tag], logger }).initialize();
    const { manager } = dataSource;
    orders = dataSource.getRepository(Order);
    await manager.insert(Company, { id: 'acme', name: 'Acme', ownerId: 'ann' });
    await manager.insert(Customer, [
      { id: 'ann', name: 'Ann', companyId: 'acme' },
      { id: 'bob', name: 'Bob' },
    ]);
    await manager.insert(Tag, [
      { id: 'new', label: 'New' },
      { id: 'big', label: 'Big' },
    ]);
    await orders.insert([
      { id: 'o1', total: 1, customerId: 'ann', paidBy: 'bob', tagIds: ['big', 'new'] },
      { id: 'o2', total: 2, customerId: 'bob', paidBy: 'bob', tagIds: [] },
      { id: 'o3', total: 3, customerId: 'gone' },
    ]);
  });

  afterEach(() => dataSource.destroy());

  it('read nothing that is not asked for', async () => {
    const order = await orders.findOneByOrFail({ id: 'o1' });
    expect([order.customer, order.tags, order.customerId]).toEqual([undefined, undefined, 'ann']);
  });

  it('are read with what find is asked for', async () => {
    const [first, second] = await orders.find({ populate: ['customer'] });
    expect(first?.customer).toBeInstanceOf(Customer);
    expect([first?.customer?.name, second?.customer?.name]).toEqual(['Ann', 'Bob']);
  });

  it('may be named in an object', async () => {
    const order = await orders.findOneOrFail({ where: { id: 'o1' }, populate: { customer: true } });
    expect(order.customer?.name).toBe('Ann');
  });

  it('are read through one another', async () => {
    const order = await orders.findOneOrFail({ where: { id: 'o1' }, populate: ['customer.company'] });
    expect(order.customer?.company).toEqual(expect.objectContaining({ id: 'acme', name: 'Acme' }));
  });

  it('are read through one another in an object', async () => {
    const populate = { customer: { company: { owner: true } } } as const;
    const order = await orders.findOneOrFail({ where: { id: 'o1' }, populate });
    expect(order.customer?.company?.owner?.name).toBe('Ann');
  });

  it('end where the path ends, though they lead round', async () => {
    const order = await orders.findOneOrFail({
      where: { id: 'o1' },
      populate: ['customer.company.owner'],
    });
    expect(order.customer?.company?.owner?.company).toBeUndefined();
    expect(JSON.parse(JSON.stringify(order))).toMatchObject({
      customer: { company: { owner: { name: 'Ann' } } },
    });
  });

  it('are null where there is no other record', async () => {
    const order = await orders.findOneOrFail({ where: { id: 'o3' }, populate: ['customer', 'payer'] });
    expect([order.customer, order.payer]).toEqual([null, null]);
  });

  it('tell of the records that should be there', async () => {
    await orders.find({ populate: ['customer', 'payer'] });
    await orders.find({ populate: ['customer', 'payer'] });
    expect(logger.warnings).toEqual([
      'Order.customerId names Customer "gone", which is not there or cannot be read. customer is null.',
    ]);
  });

  it('of many to many come as a list, in the order of the slugs', async () => {
    const [first, second, third] = await orders.find({ populate: ['tags'] });
    expect(first?.tags.map(({ id }) => id)).toEqual(['big', 'new']);
    expect([second?.tags, third?.tags]).toEqual([[], []]);
  });

  it('of many to many leave out what is not there', async () => {
    await orders.update('o1', { tagIds: ['new', 'gone', 'big'] });
    const order = await orders.findOneOrFail({ where: { id: 'o1' }, populate: ['tags'] });
    expect(order.tags.map(({ id }) => id)).toEqual(['new', 'big']);
  });

  it('give the same object for the same record', async () => {
    const [first, second] = await orders.find({ populate: ['customer', 'payer'] });
    expect(first?.payer).toBe(second?.customer);
  });

  it('come with findAndCount and findPage', async () => {
    const [found, count] = await orders.findAndCount({ populate: ['customer'], take: 1 });
    expect([found[0]?.customer?.name, count]).toEqual(['Ann', 3]);
    const page = await orders.findPage({ populate: ['customer'], take: 2 });
    expect(page.items.map(({ customer }) => customer?.name)).toEqual(['Ann', 'Bob']);
  });

  it('come with a stream', async () => {
    const names = [];
    for await (const { customer } of orders.stream({ populate: ['customer'] })) names.push(customer?.name);
    expect(names).toEqual(['Ann', 'Bob', undefined]);
  });

  it('come with a selection, with the property that holds the slug', async () => {
    const [order] = await orders.find({ select: ['total'], populate: ['customer'] });
    expect(Object.keys(order ?? {}).filter((name) => Reflect.get(order ?? {}, name) !== undefined)).toEqual(
      expect.arrayContaining(['id', 'total', 'customerId', 'customer']),
    );
    expect(order).not.toHaveProperty('tagIds');
    expect(order?.customer?.name).toBe('Ann');
  });

  it('write nothing of the other record when an entity is saved', async () => {
    const order = await orders.findOneOrFail({ where: { id: 'o1' }, populate: ['customer'] });
    if (order.customer) order.customer.name = 'Changed';
    order.total = 10;
    await orders.save(order);
    expect((await dataSource.manager.findOneByOrFail(Customer, { id: 'ann' })).name).toBe('Ann');
    expect((await orders.findOneByOrFail({ id: 'o1' })).total).toBe(10);
  });

  it('are not validated with the entity', async () => {
    const customers = dataSource.getRepository(Customer);
    const ann = await customers.findOneOrFail({ where: { id: 'ann' }, populate: ['company'] });
    const order = await orders.findOneOrFail({ where: { id: 'o1' }, populate: ['customer'] });
    if (ann.company) Reflect.set(ann.company, 'name', undefined);
    Reflect.set(order, 'customer', { anything: true });
    order.total = 5;
    await expect(orders.save(order)).resolves.toBe(order);
  });

  it('stay on an entity that is saved', async () => {
    const order = await orders.findOneOrFail({ where: { id: 'o1' }, populate: ['customer'] });
    order.total = 11;
    const saved = await orders.save(order);
    expect(saved.customer?.name).toBe('Ann');
  });

  it('change with the slug that is held, and not with the object', async () => {
    const order = await orders.findOneOrFail({ where: { id: 'o1' }, populate: ['customer'] });
    order.customerId = 'bob';
    await orders.save(order);
    const again = await orders.findOneOrFail({ where: { id: 'o1' }, populate: ['customer'] });
    expect(again.customer?.name).toBe('Bob');
  });

  it('take what was filled in as a part of an update, and write none of it', async () => {
    const order = await orders.findOneOrFail({ where: { id: 'o1' }, populate: ['customer'] });
    await orders.update('o2', { total: 20, customer: order.customer });
    expect(await orders.findOneByOrFail({ id: 'o2' })).toMatchObject({ total: 20, customerId: 'bob' });
  });

  it('remove nothing of the other class, and outlive it', async () => {
    await dataSource.manager.delete(Customer, 'ann');
    const order = await orders.findOneOrFail({ where: { id: 'o1' }, populate: ['customer'] });
    expect([order.customer, order.customerId]).toEqual([null, 'ann']);
    await orders.remove(order);
    expect(await dataSource.manager.count(Tag)).toBe(2);
  });

  it('are found from the other side by the slug', async () => {
    const found = await orders.find({ where: { customerId: 'bob' }, populate: ['customer'] });
    expect(found.map(({ id, customer }) => [id, customer?.name])).toEqual([['o2', 'Bob']]);
    expect((await orders.explain({ where: { customerId: 'bob' } })).path).toBe('index');
  });

  it.each([
    [
      ['custmer'],
      'Order has no reference "custmer" to populate. Did you mean "customer"? Known: customer, payer, tags.',
    ],
    [['customerId'], 'Did you mean "customer"?'],
    [['customer.firm'], 'Customer has no reference "firm" to populate'],
    [['tags.any'], 'Tag has no reference "any" to populate. It has none'],
    [{ customer: false }, 'the find option "populate" must be a list such as'],
    ['customer', 'the find option "populate" must be a list such as'],
    [[7], 'the find option "populate" must be a list such as'],
  ])('refuse %j', async (populate, message) => {
    const options = { populate } as unknown as object;
    await expect(orders.find(options)).rejects.toThrow(message);
    await expect(orders.find(options)).rejects.toMatchObject({ kind: 'invalid_options' });
  });

  it.each([
    ['relations', "fill it in with { populate: ['customer'] }"],
    ['loadEagerRelations', 'name it in { populate: [...] }'],
    ['loadRelationIds', 'holds the slugs at all times'],
    ['relationLoadStrategy', 'leave it out'],
    ['join', "{ populate: ['customer'] }"],
  ])('name the cure for %s', async (option, cure) => {
    await expect(orders.find({ [option]: ['customer'] })).rejects.toThrow(cure);
  });
});
