import { DeletedAtField, DustEntity, Field, Index, Slug } from '../../../../src/decorators/index.js';
import { DataSource } from '../../../../src/data-source/index.js';
import type { EntityClass } from '../../../../src/metadata/types.js';
import { Between, MoreThan } from '../../../../src/query/index.js';
import type { Repository } from '../../../../src/repository/index.js';
import { createMemoryStorage, Store } from '../../../../src/store/index.js';
import { EmbeddedTransport } from '../../../../src/transport/embedded/index.js';
import { Counting } from '../counting.js';

const RECORDS = 20_000;
const GROUPS = 10;
/** Of so many records one is deleted. */
const DELETED = 100;

interface Item {
  slug: string;
  n: number;
  state: string;
  at: number;
  /** In no index. */
  size: number;
  deletedAt?: Date | null;
}

/** The same records in a class of its own. The store keeps what indexes another one has had built. */
function defineItem(...indexes: readonly (readonly string[])[]): EntityClass<Item> {
  @DustEntity({ prefix: 'items', scopes: { third: { where: { state: 's3' } } } })
  class Items {
    @Slug() slug!: string;
    @Field('integer') n!: number;
    @Field('string') state!: string;
    @Field('integer') at!: number;
    @Field('integer') size!: number;
    @DeletedAtField() deletedAt?: Date | null;
  }
  for (const properties of indexes) Index(properties)(Items);
  return Items;
}

let store: Store;
let transport: EmbeddedTransport;
let local: Counting;
const sources: DataSource[] = [];
const warnings: string[] = [];

async function open(entity: EntityClass<Item>): Promise<Repository<Item>> {
  const warn = (message: string): void => void warnings.push(message);
  const ignore = (): void => undefined;
  const logger = { debug: ignore, info: ignore, warn, error: warn };
  const source = new DataSource({ entities: [entity], transport: local, logger, validation: false });
  sources.push(source);
  const items = (await source.initialize()).getRepository(entity);
  local.records = 0;
  return items;
}

beforeAll(async () => {
  store = new Store({ storage: createMemoryStorage() });
  transport = new EmbeddedTransport({ store });
  await transport.connect();
  for (let start = 0; start < RECORDS; start += 1000) {
    await transport.batchWrite(
      Array.from({ length: 1000 }, (_, k) => {
        const i = start + k;
        const deletedAt = i % DELETED === 3 ? '2026-01-01T00:00:00.000Z' : null;
        const value = { n: i, state: `s${i % GROUPS}`, at: Math.floor(i / GROUPS), size: i % 7, deletedAt };
        return { op: 'set' as const, path: `items/i${String(i).padStart(6, '0')}`, value };
      }),
    );
  }
  local = new Counting(transport);
}, 120_000);

afterAll(async () => {
  await transport.close();
  await store.close();
});

afterEach(async () => {
  for (const source of sources.splice(0)) await source.destroy();
  expect(warnings.splice(0)).toEqual([]);
});

/** Records in a group, and those that are not deleted. */
const GROUP = RECORDS / GROUPS;
const LEFT = GROUP - RECORDS / DELETED;

describe('without the time of deletion in an index', () => {
  it('what is asked of an index reads what it finds, the deleted among it', async () => {
    const items = await open(defineItem(['n'], ['state', 'at']));
    expect(await items.find({ where: { n: Between(100, 110) } })).toHaveLength(10);
    expect(local.records).toBe(11);
    expect((await items.explain({ where: { n: 5 } })).path).toBe('index');
    expect(await items.find({ where: { state: 's3' } })).toHaveLength(LEFT);
  });

  it('the first of an order are read alone, with a where and without', async () => {
    const items = await open(defineItem(['n'], ['state', 'at'], ['at']));
    expect(await items.find({ order: { n: 'DESC' }, take: 10 })).toHaveLength(10);
    expect(local.records).toBeLessThanOrEqual(12);
    local.records = 0;
    expect(await items.find({ where: { state: 's3' }, order: { at: 'ASC' }, take: 20 })).toHaveLength(20);
    expect(local.records).toBeLessThanOrEqual(25);
  });

  it('what is counted is read, as far as an index narrows it', async () => {
    const items = await open(defineItem(['state', 'at']));
    expect(await items.countBy({ state: 's3' })).toBe(LEFT);
    expect(local.records).toBe(GROUP);
    local.records = 0;
    expect(await items.count({ where: { state: 's3' }, withDeleted: true })).toBe(GROUP);
    expect(await items.count({ withDeleted: true })).toBe(RECORDS);
    expect(local.records).toBe(0);
  });

  it('a scope is planned as a where is', async () => {
    const items = await open(defineItem(['state', 'at']));
    const found = await items.find({ scope: 'third', where: { at: MoreThan(GROUP - 11) } });
    expect(found).toHaveLength(9);
    expect(local.records).toBe(10);
  });

  it('a read of all warns of nothing, as all is what is asked for', async () => {
    const items = await open(defineItem());
    expect(await items.find()).toHaveLength(RECORDS - RECORDS / DELETED);
    expect(await items.count()).toBe(RECORDS - RECORDS / DELETED);
  });
});

describe('with the time of deletion in an index', () => {
  it('what is counted is not read', async () => {
    const items = await open(defineItem(['deletedAt'], ['state', 'deletedAt']));
    expect(await items.count()).toBe(RECORDS - RECORDS / DELETED);
    expect(await items.countBy({ state: 's3' })).toBe(LEFT);
    expect(await items.exists({ scope: 'third' })).toBe(true);
    expect(local.records).toBe(0);
  });

  it('it is no way to what another index narrows', async () => {
    const items = await open(defineItem(['deletedAt'], ['n']));
    expect(await items.findOneBy({ n: 4711 })).toMatchObject({ n: 4711 });
    expect(local.records).toBe(1);
    expect(await items.explain({ where: { size: 3 } })).toMatchObject({ path: 'scan' });
    expect(warnings.splice(0).join()).toContain("@Index(['size']) on the class would");
  });
});
