import type { MigrationContext } from '../../../src/index.js';
import { DataSource, DustError } from '../../../src/index.js';
import { DustOrmModule } from '../../../src/nestjs/index.js';
import { Author, closeApplications, start, startFailure } from './support.js';

afterEach(closeApplications);

class AddAuthor1700000000000 {
  async up({ manager }: MigrationContext): Promise<void> {
    await manager.insert(Author, { name: 'Lem', born: 1921 });
  }
}

const options = { entities: [Author], migrations: [AddAuthor1700000000000], migrationsRun: true };

it('an application starts when its migrations are done', async () => {
  const application = await start({ imports: [DustOrmModule.forRoot(options)] });
  const dataSource = application.get(DataSource);
  expect(await dataSource.manager.find(Author)).toMatchObject([{ name: 'Lem', born: 1921 }]);
  expect(await dataSource.showMigrations()).toBe(false);
});

it('and does not when one of them fails, which is not tried again', async () => {
  let calls = 0;
  const failing = {
    name: 'Fails1700000000001',
    up: () => {
      calls += 1;
      return Promise.reject(new DustError('invalid_value', 'no luck'));
    },
  };
  const failure = await startFailure({
    imports: [DustOrmModule.forRoot({ ...options, migrations: [failing], retryDelay: 0 })],
  });
  expect(failure).toMatchObject({ kind: 'invalid_value', migration: 'Fails1700000000001' });
  expect(calls).toBe(1);
});

it('the options may come from a factory', async () => {
  const application = await start({ imports: [DustOrmModule.forRootAsync({ useFactory: () => options })] });
  expect(await application.get(DataSource).manager.count(Author)).toBe(1);
});
