import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MigrationContext, MigrationInterface, RecordProblem } from '../../../../src/index.js';
import { DataSource, EmbeddedTransport, IsNull, silentLogger } from '../../../../src/index.js';
import { Customer, OldCustomer } from '../../../fixtures/older-store/customers.js';

const dump = (name: string): string[] =>
  readFileSync(join(__dirname, '../../../fixtures/older-store', name), 'utf8')
    .trimEnd()
    .split('\n');

/** A store as the old program left it, and a data source of the class that is given. */
async function open<T extends object>(entity: new () => T, ...dumps: string[]) {
  const walked: { processed: number; written: number }[] = [];
  class Renew1767225600000 implements MigrationInterface {
    async up({ walk }: MigrationContext): Promise<void> {
      walked.push(await walk(entity));
    }
  }
  const importer = new EmbeddedTransport();
  const problems: RecordProblem[] = [];
  const source = await new DataSource({
    entities: [entity],
    transport: importer,
    logger: silentLogger,
    migrations: [new Renew1767225600000()],
    onInvalidRecord: (problem) => problems.push(problem),
  }).initialize();
  for (const line of dumps.flatMap(dump)) {
    const { path, value } = JSON.parse(line);
    if (path !== undefined) await importer.set(path, value);
  }
  const close = (): Promise<void> => source.destroy();
  return { source, walked, records: source.getRepository(entity), problems, importer, close };
}

describe('a store that an older class wrote', () => {
  it('is read as it was by the class that wrote it', async () => {
    const { records, problems, close } = await open(OldCustomer, 'customers.jsonl');
    expect(await records.count()).toBe(12);
    expect((await records.find()).map(({ fullName }) => fullName)).toContain('Grace Brewster Hopper');
    expect(problems).toEqual([]);
    await close();
  });

  it('is read whole by the present one, which has a field renamed, one more required and one split', async () => {
    const { records, problems, close } = await open(Customer, 'customers.jsonl');
    const found = await records.find();
    expect(found).toHaveLength(12);
    expect(problems).toEqual([]);
    expect(found[1]).toMatchObject({
      id: 'c02',
      firstName: 'Grace',
      lastName: 'Brewster Hopper',
      email: 'grace@example.com',
      plan: 'free',
      visits: 1,
      addedAt: new Date('2025-01-02T08:00:00Z'),
    });
    expect(found[10]).toMatchObject({ firstName: 'Plato', lastName: '', plan: 'free' });
    expect(await records.countBy({ email: IsNull() })).toBe(5);
    expect(await records.countBy({ plan: 'free', home: { city: 'London' } })).toBe(2);
    await close();
  });

  it('is in the present form once every entity was saved', async () => {
    const { records, importer, close } = await open(Customer, 'customers.jsonl');
    const before = await records.find();
    for (const customer of await records.find()) await records.save(customer);
    expect(await records.find()).toEqual(before);
    const names = new Set((await importer.subtree('shop/customers')).map(({ path }) => path.split('/')[3]));
    expect([...names].sort()).toEqual(
      ['_schema', 'added_at', 'email', 'first_name', 'home', 'last_name', 'plan', 'tags', 'visits'].sort(),
    );
    await close();
  });

  it('is brought up to date by a migration that walks through it, once', async () => {
    const { source, walked, records, importer, close } = await open(
      Customer,
      'customers.jsonl',
      'customers-damaged.jsonl',
    );
    const before = await records.find();
    await source.runMigrations();
    // d06 is of the present form, and five do not fit.
    expect(walked).toMatchObject([{ written: 12 }]);
    expect((await records.find()).map(({ id, email, plan }) => [id, email, plan])).toEqual(
      before.map(({ id, email, plan }) => [id, email, plan]),
    );
    const leaves = await importer.subtree('shop/customers/c05');
    expect(leaves.map(({ path }) => path)).not.toContain('shop/customers/c05/full_name');
    await close();
  });

  it('tells why records do not fit', async () => {
    const { records, problems, close } = await open(Customer, 'customers.jsonl', 'customers-damaged.jsonl');
    expect(await records.find()).toHaveLength(13);
    expect(problems).toMatchObject([
      { slug: 'd01', upgrade: 'its upgrade to version 2 threw: full_name is no text' },
      { slug: 'd02', upgrade: 'its upgrade to version 2 threw: full_name is no text' },
      { slug: 'd03', upgrade: expect.stringContaining('it is of version 9') },
      { slug: 'd04', missing: ['last_name'] },
      { slug: 'd05', malformed: [{ field: 'added_at' }] },
    ]);
    await close();
  });
});
