import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import * as library from '../../../src/index.js';
import * as es from '../../../src/es/index.js';
import { buildEntityMetadata, declarationsOf, entityNameOf } from '../../../src/metadata/index.js';
import { known } from '../define/known.js';
import { Link as LegacyLink } from './legacy-twin.js';

/** What a module exports that is compiled as TypeScript does it without `experimentalDecorators`. */
function loaded(source: string): Record<string, any> {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS };
  const { outputText } = ts.transpileModule(source, { compilerOptions });
  const exports: Record<string, any> = {};
  const modules: Readonly<Record<string, unknown>> = { 'dust-orm': library, 'dust-orm/es': es };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- a module of this realm, as the tests' own
  const run = new Function('require', 'exports', outputText) as (...args: unknown[]) => void;
  run((name: string) => modules[name], exports);
  return exports;
}

const IMPORT = "import { BeforeInsert, DustEntity, Field, Index, Slug } from 'dust-orm/es';\n";
const { Link, Short, Address, Dated } = loaded(
  readFileSync(join(__dirname, '../../consumer-es/entities.ts'), 'utf8'),
);

describe('standard decorators', () => {
  it('give the metadata that the others give', () => {
    expect(known(Link)).toEqual(known(LegacyLink));
  });

  it('keep the declarations of a class apart from those of its base', () => {
    const fieldsOf = (target: object) => declarationsOf(target)?.fields.map(({ property }) => property);
    expect(fieldsOf(Dated)).toEqual(['createdAt', 'updatedAt']);
    expect(fieldsOf(Link)).not.toContain('createdAt');
    expect(fieldsOf(Address)).toEqual(['street', 'city']);
    expect(fieldsOf(Short)).toBeUndefined();
    expect(entityNameOf(Link)).toBe('Link');
    expect(() => buildEntityMetadata(Short)).toThrow('is not inherited');
  });

  it('make entities that repositories take', async () => {
    const dataSource = await new library.DataSource({ entities: [Link] }).initialize();
    const links = dataSource.getRepository<any>(Link);
    const address = Object.assign(new Address(), { city: 'Oslo' });
    await links.insert({ slug: 'a', title: 'A', pages: 3, addedAt: new Date(0), address });
    const read = await links.findOneByOrFail({ address: { city: 'Oslo' } });
    expect(read).toBeInstanceOf(Link);
    expect(read.origin).toBe('here');
    expect([read.size, read.addedAt, read.labels, read.likes]).toEqual([3, new Date(0), ['new'], 0]);
    expect(read.address).toBeInstanceOf(Address);
    read.addedAt = new Date(1);
    await links.save(read);
    expect((await links.findOneByOrFail({ slug: 'a' })).addedAt).toEqual(new Date(1));
    await dataSource.destroy();
  });

  it('name what subscribers listen to', async () => {
    const { Notes, Others, Marks } = loaded(
      "import { EventSubscriber } from 'dust-orm/es';\n" +
        "import { defineEntity, field, slug } from 'dust-orm';\n" +
        "const of = (name) => defineEntity(name, { id: slug(), text: field('string') });\n" +
        "export const Notes = of('notes'), Others = of('others');\n" +
        '@EventSubscriber(Notes) export class Marks { beforeInsert({ entity }) { entity.text += "!"; } }\n',
    );
    const entities = [Notes, Others];
    const dataSource = await new library.DataSource({ entities, subscribers: [Marks] }).initialize();
    for (const entity of entities) await dataSource.manager.insert(entity, { id: 'a', text: 'x' });
    expect((await dataSource.manager.findOneByOrFail<any>(Notes, { id: 'a' })).text).toBe('x!');
    expect((await dataSource.manager.findOneByOrFail<any>(Others, { id: 'a' })).text).toBe('x');
    await dataSource.destroy();
  });

  it.each([
    ['it is no method', "@DustEntity('a') class A { @Slug() id; @Field('string') @BeforeInsert() title; }"],
    [
      'it is static',
      "@DustEntity('a') class A { @Slug() id; @Field('string') a; @BeforeInsert() static title() {} }",
    ],
    ['it is static', "@DustEntity('a') class A { @Slug() id; @Field('string') static title; }"],
    ['it is a method', "@DustEntity('a') class A { @Slug() id; @Field('string') title() {} }"],
    ['a getter without a setter', "@DustEntity('a') class A { @Slug() id; @Field('string') get title() {} }"],
    [
      'declared as a field twice',
      "@DustEntity('a') class A { @Slug() id; @Field('date') @Field('date') at; }",
    ],
    ['a symbol', "@DustEntity('a') class A { @Slug() id; @Field('string') [Symbol.iterator]; }"],
    ['its type cannot be known', "@DustEntity('a') class A { @Slug() id; @Field({}) title; }"],
  ])('are checked as the others are: %s', (message, source) => {
    const { A } = loaded(`${IMPORT}${source}\nexport { A };`);
    expect(() => buildEntityMetadata(A)).toThrow(message);
  });

  it.each([
    ['#title, which nothing outside', "class A { @Field('string') #title; }"],
    ['@Field lacks its parentheses', 'class A { @Field title; }'],
    ['@DustEntity lacks its parentheses', '@DustEntity class A {}'],
    ['@Index lacks its parentheses', 'class A { @Index title; }'],
  ])('refuse at once: %s', (message, source) => {
    expect(() => loaded(IMPORT + source)).toThrow(message);
  });

  it('say so where the compiler gives them no metadata', () => {
    const decorate = () =>
      es.Slug()(undefined, { kind: 'field', name: 'slug', metadata: undefined, access: {} });
    expect(decorate).toThrow('@Slug was given no context.metadata. Compile with TypeScript 5.2');
  });

  it.each([
    ['DustEntity', es.DustEntity('links'), [class {}]],
    ['Slug', es.Slug(), [{}, 'slug']],
    ['Field', es.Field('string'), [{}, 'title']],
    ['Index', es.Index(), [{}, 'title', undefined]],
  ])('say so when @%s is compiled under experimentalDecorators', (name, decorator, args) => {
    const decorate = () => Reflect.apply(decorator, undefined, args);
    expect(decorate).toThrow(
      `@${name} of dust-orm/es was not applied as a standard decorator. Import it from dust-orm`,
    );
  });

  it('are what the others name when they are compiled so', () => {
    const source = "import { Field } from 'dust-orm';\nclass A { @Field('string') title; }";
    expect(() => loaded(source)).toThrow('or import it from dust-orm/es');
  });
});
