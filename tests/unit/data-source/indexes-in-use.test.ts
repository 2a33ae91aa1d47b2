import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource, DustEntity, Field, Index, silentLogger, Slug, Unique } from '../../../src/index.js';
import type { EntityClass } from '../../../src/index.js';

/** What the store itself says that it has, below the prefix of these tests. */
const inUse = (dataSource: DataSource): string[] | undefined =>
  dataSource.transport
    .localRecords?.('accounts')
    ?.indexes.map(({ parts, unique }) => `${parts.map(({ path }) => path).join(',')}${unique ? '!' : ''}`)
    .sort();

@DustEntity('accounts')
class Plain {
  @Slug() slug!: string;
  @Field('string') email?: string;
  @Field('string') state = 'new';
}

@DustEntity('accounts')
class Indexed {
  @Slug() slug!: string;
  @Field('string') @Unique() email?: string;
  @Field('string') @Index() state = 'new';
}

let folder: string;
const open: DataSource[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dust-orm-indexes-'));
});

afterEach(async () => {
  for (const dataSource of open.splice(0)) await dataSource.destroy();
  await rm(folder, { recursive: true, force: true });
});

async function opened(entity: EntityClass): Promise<DataSource> {
  const dataSource = new DataSource({ entities: [entity], path: join(folder, 'data'), logger: silentLogger });
  open.push(dataSource);
  return dataSource.initialize();
}

it('a folder has the indexes that its classes declare at the time, with what is there', async () => {
  const plain = await opened(Plain);
  expect(inUse(plain)).toEqual([]);
  await plain.getRepository(Plain).insert([
    { slug: 'a', email: 'a@example.org' },
    { slug: 'b', state: 'old' },
  ]);
  await plain.destroy();

  const indexed = await opened(Indexed);
  expect(inUse(indexed)).toEqual(['email!', 'state']);
  const accounts = indexed.getRepository(Indexed);
  // A record without a state is one that its class calls new.
  expect(await accounts.find({ where: { state: 'new' } })).toMatchObject([{ slug: 'a', state: 'new' }]);
  await expect(accounts.insert({ slug: 'c', email: 'a@example.org' })).rejects.toMatchObject({
    kind: 'exists',
  });
  await accounts.insert([{ slug: 'c' }, { slug: 'd' }]);
  await indexed.destroy();

  expect(inUse(await opened(Plain))).toEqual([]);
});

it('what breaks uniqueness already keeps it closed, and is told with the name of the class', async () => {
  const plain = await opened(Plain);
  await plain.getRepository(Plain).insert([
    { slug: 'a', email: 'a@example.org' },
    { slug: 'b', email: 'a@example.org' },
  ]);
  await plain.destroy();
  const dataSource = new DataSource({
    entities: [Indexed],
    path: join(folder, 'data'),
    logger: silentLogger,
  });
  await expect(dataSource.initialize()).rejects.toMatchObject({
    kind: 'exists',
    message: expect.stringMatching(/^The indexes of Indexed cannot be used: /),
  });
  // Nothing stays open: the folder can be used again, as it was.
  expect(await (await opened(Plain)).getRepository(Plain).count()).toBe(2);
});
