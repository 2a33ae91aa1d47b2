import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource, DustEntity, Field, Slug } from '../../src/index.js';
import { functionsIn, membersOf } from './typeorm-names.js';

const page = readFileSync(join(__dirname, '../../docs/coming-from-typeorm.md'), 'utf8');

/** Every word that stands in code on the page. */
const named: ReadonlySet<string> = new Set(
  [...page.replaceAll(/^```.*?^```$/gms, '').matchAll(/`([^`]+)`/g)].flatMap(
    ([, code]) => code!.match(/\w+/g) ?? [],
  ),
);

const decorators = functionsIn('decorator');
const operators = functionsIn('find-options').filter(
  (name) => !['FindOperator', 'FindOptionsUtils'].includes(name),
);

describe('docs/coming-from-typeorm.md names', () => {
  it.each([
    ['every method and property of Repository', membersOf('Repository'), 'findOneByOrFail'],
    ['every method and property of EntityManager', membersOf('EntityManager'), 'transaction'],
    ['every method and property of DataSource', membersOf('DataSource'), 'runMigrations'],
    ['every find option', [...membersOf('FindManyOptions'), ...membersOf('FindOneOptions')], 'withDeleted'],
    ['every operator', operators, 'ILike'],
    ['every decorator', decorators, 'BeforeSoftRemove'],
    ['every option of a column', membersOf('ColumnOptions'), 'transformer'],
    ['every option of an entity', membersOf('EntityOptions'), 'orderBy'],
    ['every option of an index', membersOf('IndexOptions'), 'unique'],
    ['every option of a relation', membersOf('RelationOptions'), 'cascade'],
    ['every option of save', membersOf('SaveOptions'), 'chunk'],
    ['every option of remove', membersOf('RemoveOptions'), 'listeners'],
    ['every option of update', membersOf('UpdateOptions'), 'returning'],
    ['every option of upsert', membersOf('UpsertOptions'), 'conflictPaths'],
    ['every method of a subscriber', membersOf('EntitySubscriberInterface'), 'beforeTransactionCommit'],
  ])('%s', (_, names, example) => {
    // Or TypeORM's declarations were not read.
    expect(names).toContain(example);
    expect([...new Set(names)].filter((name) => !named.has(name))).toEqual([]);
  });
});

describe('every public member of TypeORM’s', () => {
  @DustEntity('users')
  class User {
    @Slug() id!: string;
    @Field('string') name?: string;
  }
  const dataSource = new DataSource({ entities: [User] });

  it.each<[string, object]>([
    ['Repository', dataSource.getRepository(User)],
    ['EntityManager', dataSource.manager],
    ['DataSource', dataSource],
  ])('%s is there, or says what to do instead', (name, ours) => {
    expect(membersOf(name).filter((member) => !(member in ours))).toEqual([]);
  });
});
