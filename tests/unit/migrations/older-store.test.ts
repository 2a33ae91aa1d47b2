import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MigrationContext, RecordProblem, WalkResult } from '../../../src/index.js';
import { DataSource, silentLogger } from '../../../src/index.js';
import { Customer } from '../../fixtures/older-store/customers.js';

const dump = (name: string): string[] =>
  readFileSync(join(__dirname, '../../fixtures/older-store', name), 'utf8')
    .trimEnd()
    .split('\n');

it('a walk brings a store that an older class wrote into the present form, and leaves out what cannot be read', async () => {
  const results: WalkResult[] = [];
  const problems = new Set<string>();
  const dataSource = await new DataSource({
    entities: [Customer],
    logger: silentLogger,
    onInvalidRecord: ({ slug }: RecordProblem) => void problems.add(slug),
    migrations: [
      {
        name: 'Upgrade1700000000000',
        up: async ({ walk }: MigrationContext) =>
          void results.push(await walk(Customer, undefined, { pageSize: 4 })),
      },
    ],
  }).initialize();
  for (const line of [...dump('customers.jsonl'), ...dump('customers-damaged.jsonl')]) {
    const { path, value } = JSON.parse(line);
    if (path !== undefined) await dataSource.transport.set(path, value);
  }
  const customers = dataSource.getRepository(Customer);
  const before = await customers.find();
  const damaged = await dataSource.transport.subtree('shop/customers/d01');
  await dataSource.runMigrations();
  // The one of version 2 among the damaged ones is as it should be.
  expect(results).toEqual([{ processed: 13, written: 12 }]);
  expect([...problems].sort()).toEqual(['d01', 'd02', 'd03', 'd04', 'd05']);
  expect(await customers.find()).toEqual(before);
  expect(await dataSource.transport.subtree('shop/customers/d01')).toEqual(damaged);
  const leaves = await dataSource.transport.subtree('shop/customers');
  expect(leaves.filter(({ path }) => /c\d\d\/full_name$/.test(path))).toEqual([]);
  await dataSource.destroy();
});
