import {
  CounterField,
  CreatedAtField,
  DeletedAtField,
  DustEntity,
  Field,
  FileField,
  Index,
  SetField,
  Slug,
  Unique,
  UpdatedAtField,
  VersionField,
} from '../../../src/decorators/index.js';
import { declarationsOf } from '../../../src/metadata/index.js';
import type { DustFile } from '../../../src/metadata/index.js';

describe('decorators', () => {
  it('register what was written, and check nothing', () => {
    @DustEntity({ prefix: [], mode: 'map' })
    class Odd {
      @Slug() one!: string;
      @Slug() two!: string;
      @Field({ name: '' }) nameless!: string;
    }

    expect(declarationsOf(Odd)).toEqual({
      entities: [{ prefix: [], mode: 'map' }],
      slugs: [
        { property: 'one', isStatic: false, options: {} },
        { property: 'two', isStatic: false, options: {} },
      ],
      fields: [
        { property: 'nameless', isStatic: false, decorator: 'Field', role: 'plain', options: { name: '' } },
      ],
      indexes: [],
      hooks: [],
      references: [],
    });
  });

  it('give each field its role', () => {
    class Roles {
      @Field() plain!: string;
      @CounterField() counter!: number;
      @SetField('string') set!: string[];
      @FileField() file?: DustFile | null;
      @VersionField() version!: number;
      @CreatedAtField() createdAt!: Date;
      @UpdatedAtField({ name: 'changed' }) updatedAt!: Date;
      @DeletedAtField() deletedAt?: Date | null;
    }

    expect(
      declarationsOf(Roles)?.fields.map(({ decorator, role, options }) => [decorator, role, options]),
    ).toEqual([
      ['Field', 'plain', {}],
      ['CounterField', 'counter', {}],
      ['SetField', 'set', { type: 'string' }],
      ['FileField', 'file', {}],
      ['VersionField', 'version', {}],
      ['CreatedAtField', 'createdAt', {}],
      ['UpdatedAtField', 'updatedAt', { name: 'changed' }],
      ['DeletedAtField', 'deletedAt', {}],
    ]);
  });

  it('take a type in front of the other options', () => {
    class Nested {
      @Field() text!: string;
    }
    const thunk = () => Nested;
    class Typed {
      @Field('decimal', { required: true }) price!: string;
      @Field(thunk, { array: true }) nested!: Nested[];
    }

    expect(declarationsOf(Typed)?.fields.map(({ options }) => options)).toEqual([
      { type: 'decimal', required: true },
      { type: thunk, array: true },
    ]);
  });

  it('keep the declarations of a subclass apart from those of its base', () => {
    class Base {
      @Field() inherited!: string;
    }
    class Derived extends Base {
      @Field() own!: string;
    }

    expect(declarationsOf(Base)?.fields.map(({ property }) => property)).toEqual(['inherited']);
    expect(declarationsOf(Derived)?.fields.map(({ property }) => property)).toEqual(['own']);
  });

  it.each([
    ['Slug', Slug()],
    ['Field', Field()],
    ['CounterField', CounterField()],
    ['DustEntity', DustEntity('links')],
  ])('say so when @%s is compiled as a standard decorator', (name, decorator) => {
    const asStandard = () =>
      Reflect.apply(decorator, undefined, [undefined, { kind: 'field', name: 'title' }]);
    expect(asStandard).toThrow(
      `@${name} was applied as a standard decorator. Set "experimentalDecorators": true`,
    );
  });

  it('name the decorators for compilers of the standard', () => {
    const asStandard = () => Reflect.apply(Slug(), undefined, [undefined, { kind: 'field', name: 'title' }]);
    expect(asStandard).toThrow('or import it from dust-orm/es, which has standard decorators');
  });

  it.each<[string, () => unknown]>([
    ['@DustEntity lacks its parentheses', () => Reflect.apply(DustEntity, undefined, [class Link {}])],
    ['@Field lacks its parentheses', () => Reflect.apply(Field, undefined, [{}, 'title'])],
    ['@Field lacks its parentheses', () => Reflect.apply(Field, undefined, [{}, 'title', undefined])],
  ])('say so when they are not called: %s', (message, decorate) => {
    expect(decorate).toThrow(message);
  });

  it('are type errors on properties that cannot hold what they store', () => {
    class Wrong {
      // @ts-expect-error: a slug is a string
      @Slug() slug!: number;
      // @ts-expect-error: a counter is a number
      @CounterField() views!: string;
      // @ts-expect-error: a date is a Date
      @Field('date') at!: string;
      // @ts-expect-error: a list is a list
      @Field('string', { array: true }) tags!: string;
      // @ts-expect-error: there is no such option
      @Field({ lenght: 3 }) title!: string;
      // @ts-expect-error: there is no such type
      @Field('text') text!: string;
      @Field({ type: 'integer' }) private rank?: number | null;
      @Field('date', { transformer: { to: (text: string) => new Date(text), from: String } }) free!: string;
    }
    expect(declarationsOf(Wrong)?.fields).toHaveLength(7);
  });
});

describe('@Index and @Unique', () => {
  it('register what was written, on a property and on a class', () => {
    @Index('newest', ['state', 'at'], { unique: true })
    class Link {
      @Index() state!: string;
      @Unique('one') at!: Date;
    }

    expect(declarationsOf(Link)?.indexes).toEqual([
      { decorator: 'Index', decorated: { property: 'state', isStatic: false }, args: [] },
      { decorator: 'Unique', decorated: { property: 'at', isStatic: false }, args: ['one'] },
      { decorator: 'Index', decorated: undefined, args: ['newest', ['state', 'at'], { unique: true }] },
    ]);
  });

  it.each([
    ['Index', Index],
    ['Unique', Unique],
  ])('@%s says so when its parentheses are missing or the compiler is a standard one', (name, decorator) => {
    const call = (...args: unknown[]): unknown =>
      Reflect.apply(decorator as (...args: unknown[]) => unknown, undefined, args);
    class Subject {}
    const missing = `@${name} lacks its parentheses. Write @${name}().`;
    expect(() => call(Subject)).toThrow(missing);
    expect(() => call(Subject.prototype, 'title', undefined)).toThrow(missing);

    const standard = `@${name} was applied as a standard decorator.`;
    const decorate = call() as (...args: unknown[]) => void;
    expect(() => decorate(undefined, { kind: 'field', name: 'title' })).toThrow(standard);
    expect(() => decorate(Subject, { kind: 'class', name: 'Subject' })).toThrow(standard);
    expect(declarationsOf(Subject)).toBeUndefined();
  });
});
