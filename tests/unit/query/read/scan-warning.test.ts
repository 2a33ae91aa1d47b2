import { DataSource } from '../../../../src/data-source/index.js';
import { DustEntity, Field, Index, Slug } from '../../../../src/decorators/index.js';
import type { Logger } from '../../../../src/logging.js';
import { silentLogger } from '../../../../src/logging.js';
import { IsNull, MoreThan } from '../../../../src/query/index.js';

@DustEntity('orders')
class Order {
  @Slug() slug!: string;
  @Field('string') state?: string | null;
  @Field('integer') @Index() total!: number;
  @Field('integer') weight!: number;
}

const open: DataSource[] = [];
afterEach(async () => {
  for (const dataSource of open.splice(0)) await dataSource.destroy();
});

async function tenOrders(scanWarning: number | false) {
  const warnings: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (message) => warnings.push(message) };
  const dataSource = await new DataSource({ entities: [Order], scanWarning, logger }).initialize();
  open.push(dataSource);
  const orders = dataSource.getRepository(Order);
  await orders.insert(
    Array.from({ length: 10 }, (_, i) => ({ slug: `o${i}`, state: 'open', total: i, weight: i })),
  );
  return { orders, warnings };
}

it('a read of many records for want of an index is warned of once for each shape, with the index it wants', async () => {
  const { orders, warnings } = await tenOrders(9);
  await orders.find({ where: { state: 'open', weight: MoreThan(3) }, order: { weight: 'DESC' } });
  await orders.find({ where: { state: 'closed', weight: MoreThan(8) }, order: { weight: 'DESC' } });
  expect(warnings).toEqual([
    'Order: a read of { state, weight: MoreThan } by weight DESC went through 10 records, as no index serves it. ' +
      "@Index(['state', 'weight']) on the class would.",
  ]);
  await orders.countBy({ state: IsNull() });
  expect(warnings).toHaveLength(2);
});

it('no read is warned of that an index serves, that stays below, or that asks for everything', async () => {
  const { orders, warnings } = await tenOrders(9);
  await orders.findBy({ total: MoreThan(1) });
  await orders.find({ order: { total: 'ASC' }, take: 2 });
  await orders.find();
  await orders.findBy({ slug: 'o1' });
  expect(warnings).toEqual([]);
  const high = await tenOrders(10);
  await high.orders.findBy({ state: 'open' });
  const off = await tenOrders(false);
  await off.orders.findBy({ state: 'open' });
  expect([...high.warnings, ...off.warnings]).toEqual([]);
});

it('a read that an index would serve, if all records were of the present form, is told of those passed over', async () => {
  @DustEntity('tasks')
  class Task {
    @Slug() slug!: string;
    @Field('string', { from: ['name'] }) @Index() title?: string;
  }
  const warnings: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (message) => warnings.push(message) };
  const dataSource = await new DataSource({ entities: [Task], scanWarning: 1, logger }).initialize();
  open.push(dataSource);
  await dataSource.getRepository(Task).insert([
    { slug: 'a', title: 'A' },
    { slug: 'b', title: 'B' },
  ]);
  await dataSource.getRepository(Task).findBy({ title: 'A' });
  expect(warnings).toEqual([
    'Task: a read of { title } went through 2 records, as no index serves it. Indexes of what older records may hold otherwise ' +
      'are passed over: explain names them, with the reason.',
  ]);
});
