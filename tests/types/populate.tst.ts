import type { Observable } from 'rxjs';
import { describe, expect, test } from 'tstyche';
import type {
  DataProperty,
  DataSource,
  EntityClass,
  EntityManager,
  FindManyOptions,
  FindOptionsOrder,
  FindOptionsPopulate,
  FindOptionsWhere,
  Page,
  Populated,
  PopulatedName,
  PopulatedProperty,
  PropertyDecoratorFor,
  ReferenceProperty,
  Repository,
} from '../../src/index.js';
import { defineEntity, field, ref, Ref, slug } from '../../src/index.js';

class Address {
  city!: string;
}

class Company {
  id!: string;
  name!: string;
  ownerId?: string | null;
  owner?: Customer | null;
}

class Customer {
  id!: string;
  name!: string;
  companyId?: string | null;
  company?: Company | null;
}

class Tag {
  id!: string;
  companyId?: string;
  company?: Company | null;
}

class Order {
  id!: string;
  total!: number;
  placedAt?: Date;
  address!: Address;
  meta?: unknown;
  tagIds?: string[] | null;
  tags?: Tag[];
  customerId!: string;
  customer?: Customer | null;
  payer?: Customer | null;

  label(): string {
    return this.id;
  }
}

declare const orders: Repository<Order>;
declare const manager: EntityManager;
declare const dust: DataSource;

describe('options of type any', () => {
  test('are those of a read without types of its own', () => {
    const find = (repository: Repository<Order>, options: any) => repository.find(options);
    expect(find).type.toBe<(repository: Repository<Order>, options: any) => Promise<Order[]>>();
  });
});

describe('the names that can be populated', () => {
  test('are those of objects that need not be there', () => {
    expect<ReferenceProperty<Order>>().type.toBe<'tags' | 'customer' | 'payer'>();
  });

  test('are unknown to no read', () => {
    expect(orders.find).type.not.toBeCallableWith({ populate: ['custmer'] });
    expect(orders.find).type.not.toBeCallableWith({ populate: ['customerId'] });
    expect(orders.find).type.not.toBeCallableWith({ populate: ['address'] });
    expect(orders.find).type.not.toBeCallableWith({ populate: ['customer.firm'] });
    expect(orders.find).type.not.toBeCallableWith({ populate: { customer: { firm: true } } });
    expect(orders.find).type.not.toBeCallableWith({ populate: { customer: false } });
    expect(orders.find).type.not.toBeCallableWith({ populate: { customer: true, firm: true } });
    expect(orders.find).type.not.toBeCallableWith({ populate: { customer: { company: true, firm: true } } });
    expect(orders.find).type.not.toBeCallableWith({ populate: { customer: true, address: true } });
    expect(orders.findOne).type.not.toBeCallableWith({ where: { id: 'a' }, populate: ['x'] });
    expect(orders.live).type.not.toBeCallableWith({ populate: ['x'] });
    expect(orders.liveOne).type.not.toBeCallableWith('a', { populate: ['x'] });
    expect(orders.find).type.toBeCallableWith({
      populate: ['customer', 'customer.company.owner', 'tags.company'],
    });
    expect(orders.find).type.toBeCallableWith({
      populate: { customer: { company: { owner: { company: { owner: true } } } } },
    });
  });
});

describe('a property that is populated', () => {
  const { find } = orders;

  test('has no condition, order or selection, where its name tells what it is', () => {
    expect<PopulatedProperty<Order>>().type.toBe<'tags' | 'customer'>();
    expect(find).type.not.toBeCallableWith({ where: { customer: { name: 'x' } } });
    expect(find).type.not.toBeCallableWith({ where: [{ total: 1 }, { customer: { name: 'x' } }] });
    expect(find).type.not.toBeCallableWith({ order: { customer: { name: 'ASC' } } });
    expect(find).type.not.toBeCallableWith({ order: { customer: 'ASC' } });
    expect(find).type.not.toBeCallableWith({ select: ['customer'] });
    expect(find).type.not.toBeCallableWith({ select: { total: true, tags: true } });
    expect(orders.findBy).type.not.toBeCallableWith({ customer: { id: 'c' } });
    expect(orders.count).type.not.toBeCallableWith({ where: { customer: { id: 'c' } } });
    expect(orders.update).type.not.toBeCallableWith({ customer: { id: 'c' } }, { total: 1 });
    expect(orders.live).type.not.toBeCallableWith({ where: { customer: { id: 'c' } } });
  });

  test('is asked for by its slug', () => {
    expect(find).type.toBeCallableWith({
      where: { customerId: 'c', address: { city: 'x' }, payer: { name: 'x' } },
      order: { customerId: 'ASC', address: { city: 'ASC' } },
      select: ['customerId', 'address', 'tagIds'],
    });
  });

  test('keeps generic code as it is', () => {
    const byKey = <T extends { id: string }>(repository: Repository<T>, id: string) =>
      repository.find({ where: { id } as FindOptionsWhere<T>, order: { id: 'ASC' } as FindOptionsOrder<T> });
    expect(byKey(orders, 'a')).type.toBe<Promise<Order[]>>();
    const chosen = <T extends object>(repository: Repository<T>, select: DataProperty<T>[]) =>
      repository.find({ select });
    expect(chosen).type.toBeCallableWith(orders, ['total', 'customerId']);
  });
});

describe('what is populated', () => {
  test('is there, or null', async () => {
    const [order] = await orders.find({ where: { total: 1 }, populate: ['customer'] });
    expect(order!.customer).type.toBe<Customer | null>();
    expect(order!.payer).type.toBe<Customer | null | undefined>();
    expect(order!.label()).type.toBe<string>();
    expect(order!).type.toBeAssignableTo<Order>();
    expect(orders.save).type.toBeCallableWith(order!);
  });

  test('is typed beyond', async () => {
    const order = await orders.findOneOrFail({ where: { id: 'a' }, populate: ['customer.company'] });
    expect(order.customer!.company).type.toBe<Company | null>();
    const other = await orders.findOneOrFail({
      where: { id: 'a' },
      populate: { customer: { company: { owner: true } } },
    });
    expect(other.customer!.company!.owner).type.toBe<Customer | null>();
    expect(other.customer!.company!.owner!.company).type.toBe<Company | null | undefined>();
  });

  test('is a list where the property is one', async () => {
    const order = await orders.findOneOrFail({ where: { id: 'a' }, populate: ['tags'] });
    expect(order.tags).type.toBe<Tag[]>();
    const deeper = await orders.findOneOrFail({ where: { id: 'a' }, populate: ['tags.company'] });
    expect(deeper.tags[0]!.company).type.toBe<Company | null>();
    expect(deeper.tags.map(({ company }) => company)).type.toBe<(Company | null)[]>();
  });

  test('goes with a selection', async () => {
    const [order] = await orders.find({ select: ['total'], populate: ['customer'] });
    expect(order!.total).type.toBe<number>();
    expect(order!.customer).type.toBe<Customer | null>();
    expect(order!).type.not.toHaveProperty('placedAt');
    const [other] = await orders.find({ select: { total: true }, populate: { customer: true } });
    expect(other!.customer).type.toBe<Customer | null>();
    expect(other!).type.not.toHaveProperty('placedAt');
  });

  test('comes from every read', async () => {
    const populate = ['customer'] as const;
    type Filled = Populated<Order, readonly ['customer']>;
    const where = { id: 'a' };
    expect(await orders.findOne({ where, populate })).type.toBe<Filled | null>();
    expect(await orders.findAndCount({ where, populate })).type.toBe<[Filled[], number]>();
    expect(await orders.findPage({ where, populate })).type.toBe<Page<Filled>>();
    expect(orders.stream({ where, populate })).type.toBe<AsyncGenerator<Filled, void, undefined>>();
    expect(orders.live({ where, populate })).type.toBe<Observable<Filled[]>>();
    expect(orders.liveOne('a', { populate })).type.toBe<Observable<Filled | null>>();
    expect(await orders.getMany(['a'], { populate })).type.toBe<Filled[]>();
    expect(await orders.getMany(['a'], { withDeleted: true })).type.toBe<Order[]>();
    expect(orders.getMany).type.not.toBeCallableWith(['a'], { populate: ['x'] });
    expect(await manager.getMany(Order, ['a'], { populate, unscoped: true })).type.toBe<Filled[]>();
    expect(await manager.find(Order, { where, populate })).type.toBe<Filled[]>();
    expect(await manager.findOneOrFail(Order, { where, populate })).type.toBe<Filled>();
  });

  test('is unknown of options declared as such, and of none', async () => {
    const options: FindManyOptions<Order> = { populate: ['customer'] };
    expect(await orders.find(options)).type.toBe<Order[]>();
    expect(await orders.find({ where: { id: 'a' } })).type.toBe<Order[]>();
    expect<FindOptionsPopulate<Order>>().type.toBeAssignableFrom<('customer' | 'tags')[]>();
  });

  test('is nothing special in a generic function', () => {
    const all = <T extends object>(repository: Repository<T>): Promise<T[]> => repository.find();
    expect(all(orders)).type.toBe<Promise<Order[]>>();
  });
});

describe('Ref', () => {
  test('stands on slugs', () => {
    const one = Ref(() => Customer);
    const list = Ref(() => [Tag]);
    expect(one).type.toBe<PropertyDecoratorFor<string>>();
    expect(list).type.toBe<PropertyDecoratorFor<readonly string[]>>();
    expect(Ref(() => Tag, { array: true })).type.toBe<PropertyDecoratorFor<readonly string[]>>();
    class Right {
      @Ref(() => Tag, { array: true, as: 'labels', index: false }) others?: string[] | null;
      @Ref(() => Customer, { required: true, index: true, name: 'c' }) payerId!: string;
    }
    expect(new Right()).type.toHaveProperty('others');
    expect(Ref).type.not.toBeCallableWith(() => Customer, { cascade: true });
    expect(Ref).type.not.toBeCallableWith(Customer);
  });
});

describe('ref', () => {
  const Shelf = defineEntity('shelves', { id: slug(), place: field('string') });
  const Book = defineEntity('books', {
    isbn: slug(),
    shelfId: ref(() => Shelf, { required: true, index: true }),
    lenderId: ref(() => Customer),
    tagIds: ref(() => [Tag]),
    readBy: ref(() => Customer, { array: true, as: 'readers', nullable: false }),
    parent: ref((): EntityClass<Tag> => Tag, { as: 'above' }),
  });
  type Book = InstanceType<typeof Book>;
  type Shelf = InstanceType<typeof Shelf>;
  const bookOf = (dataSource: DataSource) => dataSource.getRepository(Book);

  test('gives the class both properties', () => {
    expect<Book['shelfId']>().type.toBe<string>();
    expect<Book['shelf']>().type.toBe<Shelf | null | undefined>();
    expect<Book['lenderId']>().type.toBe<string | null | undefined>();
    expect<Book['lender']>().type.toBe<Customer | null | undefined>();
    expect<Book['tagIds']>().type.toBe<string[] | null | undefined>();
    expect<Book['tags']>().type.toBe<Tag[] | undefined>();
    expect<Book['readBy']>().type.toBe<string[] | undefined>();
    expect<Book['readers']>().type.toBe<Customer[] | undefined>();
    expect<Book['above']>().type.toBe<Tag | null | undefined>();
    expect<PopulatedName<'customerId' | 'tagIds' | 'parent'>>().type.toBe<'customer' | 'tags'>();
    expect(ref).type.not.toBeCallableWith(() => Customer, { cascade: true });
  });

  test('is populated', async () => {
    const books = bookOf(dust);
    const [book] = await books.find({ populate: ['shelf', 'tags.company', 'readers'] });
    expect(book!.shelf).type.toBe<Shelf | null>();
    expect(book!.tags[0]!.company).type.toBe<Company | null>();
    expect(books.find).type.not.toBeCallableWith({ populate: ['isbn'] });
  });
});
