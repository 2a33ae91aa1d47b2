import { join } from 'node:path';
import ts from 'typescript';
import { DataSource, DustEntity, DustError, Field, Repository, Slug } from '../../../../src/index.js';
import { DataSourceAbsences } from '../../../../src/repository/absent/data-source-absences.js';
import { EntityManagerAbsences } from '../../../../src/repository/absent/entity-manager-absences.js';
import { RepositoryAbsences } from '../../../../src/repository/absent/repository-absences.js';

@DustEntity('users')
class User {
  @Slug() id!: string;
  @Field('string') name?: string;
}

const dataSource = new DataSource({ entities: [User] });
const { manager } = dataSource;
const repository = dataSource.getRepository(User);

const OWNERS: readonly [string, object, object, string][] = [
  ['Repository', repository, RepositoryAbsences.prototype, 'repository-absences'],
  ['EntityManager', manager, EntityManagerAbsences.prototype, 'entity-manager-absences'],
  ['DataSource', dataSource, DataSourceAbsences.prototype, 'data-source-absences'],
];

const namesOf = (prototype: object): string[] =>
  Reflect.ownKeys(prototype)
    .map(String)
    .filter((name) => name !== 'constructor');

/** What using a name that is not there throws: at the call of a method, at the reading of a property. */
function thrownBy(owner: object, name: string): unknown {
  try {
    return Reflect.apply(Reflect.get(owner, name) as () => unknown, owner, []);
  } catch (error) {
    return error;
  }
}

/** The doc comments of the names of type never in a source file. */
function documented(file: string): Map<string, string> {
  const path = join(__dirname, '../../../../src/repository/absent', `${file}.ts`);
  const source = ts.createSourceFile(path, ts.sys.readFile(path)!, ts.ScriptTarget.Latest, true);
  const found = new Map<string, string>();
  for (const statement of source.statements.filter(ts.isClassDeclaration)) {
    for (const member of statement.members.filter(ts.isPropertyDeclaration)) {
      expect(member.type?.kind).toBe(ts.SyntaxKind.NeverKeyword);
      const [doc] = ts.getJSDocCommentsAndTags(member);
      found.set(member.name.getText(), String(doc?.comment));
    }
  }
  return found;
}

describe.each(OWNERS)('what TypeORM has in %s', (owner, instance, prototype, file) => {
  it('throws what its doc comment says, which is what to do instead', () => {
    const docs = documented(file);
    expect(namesOf(prototype).sort()).toEqual([...docs.keys()].sort());
    for (const [name, doc] of docs) {
      const thrown = thrownBy(instance, name);
      expect(thrown).toBeInstanceOf(DustError);
      expect(thrown).toMatchObject({ kind: 'not_supported', detail: 'not_in_dust' });
      const cure = doc.replace(/^Not here: /, '');
      const { message } = thrown as DustError;
      expect(message.startsWith(`${owner}.${name}`)).toBe(true);
      expect(message).toContain(`of TypeORM is not here: ${cure}`);
    }
  });

  it('is not met by what looks at an object', () => {
    expect(Object.keys(instance).filter((name) => namesOf(prototype).includes(name))).toEqual([]);
    expect(() => {
      for (const name in instance) Reflect.get(instance, name);
    }).not.toThrow();
  });
});

it('may be what a class or an extension of one’s own calls a method', async () => {
  const extended = repository.extend({
    query: () => 'mine',
    queryRunner: () => 'also mine',
  }) as unknown as { query(): string; queryRunner(): string };
  expect(extended.query()).toBe('mine');
  expect(extended.queryRunner()).toBe('also mine');
  const further = Object.assign(new Repository(User, manager), { queryRunner: 1 });
  expect(Reflect.get(further, 'queryRunner')).toBe(1);
  expect(() => Reflect.get(repository, 'queryRunner') as unknown).toThrow(
    'Repository.queryRunner of TypeORM',
  );
  await dataSource.destroy();
});
