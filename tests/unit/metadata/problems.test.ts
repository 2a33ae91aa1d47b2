import {
  CounterField,
  DustEntity,
  Field,
  SetField,
  Slug,
  UpdatedAtField,
  VersionField,
} from '../../../src/decorators/index.js';
import { buildEntityMetadata, EntityMetadataError } from '../../../src/metadata/index.js';
import type { BuildOptions, EntityOptions, FieldOptions } from '../../../src/metadata/index.js';

type Class = abstract new () => object;

function problemsOf(target: Class, options?: BuildOptions): EntityMetadataError {
  try {
    buildEntityMetadata(target, options);
  } catch (error) {
    if (error instanceof EntityMetadataError) return error;
    throw error;
  }
  throw new Error('The class was accepted.');
}

/** An entity with one field, decorated with whatever a program without types might pass. */
function withField(options: object, property = 'field'): Class {
  class Subject {}
  Slug()(Subject.prototype as { slug?: string }, 'slug');
  Field(options as FieldOptions)(Subject.prototype, property);
  DustEntity('subjects')(Subject);
  return Subject;
}

function withEntity(options: unknown): Class {
  class Subject {
    @Slug() slug!: string;
    @Field() title!: string;
  }
  DustEntity(options as EntityOptions)(Subject);
  return Subject;
}

describe('a class that is no entity', () => {
  it('is named with property and cure', () => {
    @DustEntity('links')
    class Link {
      @Slug() slug!: string;
      @Field() meta: unknown;
    }
    const error = problemsOf(Link);
    expect(error).toMatchObject({
      name: 'EntityMetadataError',
      kind: 'invalid_metadata',
      entityName: 'Link',
    });
    expect(error.message).toBe(
      'Link.meta: its type cannot be known: the compiler recorded nothing more precise than an object for it (its type is inferred, unknown, an interface or a union, and swc takes "string | null" for one). ' +
        "Give it a type: @Field('string'), @Field('json'), @Field(() => ItemClass), or { array: true } with one for a list.",
    );
  });

  it('has all of its problems told at once', () => {
    class Link {
      @Field() meta: unknown;
      @Field({ name: '' }) title!: string;
    }
    const error = problemsOf(Link);
    expect(error.problems.map(({ property }) => property)).toEqual(['meta', 'title', undefined, undefined]);
    expect(error.message).toMatch(/^Link has 4 problems:\n {2}- Link\.meta: /);
  });

  it('is told once, where several properties have it', () => {
    @DustEntity('links')
    class Link {
      @Slug() slug!: string;
      @Field() meta: unknown;
      @Field() more: unknown;
    }
    const error = problemsOf(Link);
    expect(error.problems.map(({ property }) => property)).toEqual(['meta', 'more']);
    const [heading, line, ...others] = error.message.split('\n');
    expect(heading).toBe('Link has 2 problems:');
    expect(line).toMatch(/^ {2}- Link\.meta, Link\.more: its type cannot be known: /);
    expect(others).toEqual([]);
  });

  it.each<[string, () => Class, RegExp]>([
    ['no @DustEntity', () => class A {}, /A: it is not an entity\. Put @DustEntity/],
    ['no slug', () => withoutSlug(), /it has no slug\. Put @Slug\(\)/],
    ['two slugs', () => withTwoSlugs(), /it has 2 slugs, a and b\. Keep one/],
    ['a slug that is a field', () => withSlugAsField(), /slug: it is the slug.*Remove the field decorator/],
    [
      'a slug that is a number',
      () => withNumberAsSlug(),
      /slug: a slug is a string, and the property is declared as Number/,
    ],
    [
      'a counter that is a string',
      () => withStringAsCounter(),
      /views: a counter is a number, and the property is declared as String/,
    ],
    ['a field declared twice', () => withFieldTwice(), /title: it is declared as a field twice/],
    ['no fields', () => withoutFields(), /it has no fields\. Put @Field\(\)/],
    ['two version fields', () => withTwoVersions(), /it has 2 version fields, one and two\. Keep one/],
    ['a static field', () => withStaticField(), /title: it is static/],
    ['a method as a field', () => withMethodAsField(), /run: it is a method/],
    ['a getter as a field', () => withGetterAsField(), /computed: it is a getter without a setter/],
    ['a shared wire name', () => withSharedName(), /b: its name on the wire, "x", is taken by a/],
    ['a counter in map mode', () => withCounterInMapMode(), /views: a counter field needs mode 'flat'/],
    ['a set in map mode', () => withSetInMapMode(), /tags: a set field needs mode 'flat'/],
    ['an entity as a nested class', () => withNestedEntity(), /the nested class Inner: it is an entity/],
    [
      'a counter in a nested class',
      () => withNestedCounter(),
      /the nested class Inner\.views: @CounterField works in an entity only/,
    ],
    [
      'a prefix that is only inherited',
      () => withInheritedPrefix(),
      /not an entity.*The one of Base is not inherited/,
    ],
  ])('is refused: %s', (_, make, text) => {
    expect(problemsOf(make()).message).toMatch(text);
  });

  it.each<[string, object, RegExp]>([
    ['no type at all', {}, /field: its type cannot be known: the compiler recorded no type.*esbuild/],
    ['a list without a type', { array: true }, /it is a list of items whose type cannot be known/],
    ['an unknown type', { type: 'text' }, /there is no type "text"\. The types are string, integer/],
    ['nested by name', { type: 'nested' }, /a nested class is given as @Field\(\(\) => ItemClass\)/],
    ['an enum type without values', { type: 'enum' }, /type 'enum' needs its values/],
    ['an enum without values', { enum: {} }, /its enum has no values/],
    ['an enum that is none', { enum: { a: () => 1 } }, /its enum is not an enum/],
    ['an enum and another type', { enum: ['a'], type: 'string' }, /both an enum and another type/],
    [
      'a class instead of a thunk',
      { type: class Inner {} },
      /its type is a class\. Write it as a function.*\(\) => Inner/,
    ],
    ['String instead of a thunk', { type: String }, /\(\) => String/],
    ['a thunk of nothing', { type: () => undefined }, /its type thunk returned undefined.*import each other/],
    ['a thunk of Object', { type: () => Object }, /did not return a class of values/],
    ['a thunk of two types', { type: () => [String, Number] }, /exactly one type/],
    [
      'a thunk that throws',
      {
        type: () => {
          throw new Error('no Inner yet');
        },
      },
      /its type thunk threw: no Inner yet/,
    ],
    [
      'an enum thunk that throws',
      {
        enum: () => {
          throw new Error('no Colour yet');
        },
      },
      /its enum thunk threw: no Colour yet/,
    ],
    [
      'an unknown option',
      { type: 'string', lenght: 3 },
      /@Field has no option "lenght"\. It knows name, type/,
    ],
    ['an empty name', { type: 'string', name: '' }, /its name on the wire is empty/],
    ['a malformed name', { type: 'string', name: '\ud800' }, /not well-formed Unicode/],
    ['a name that is no string', { type: 'string', name: 5 }, /its name is not a string/],
    ['a reserved name', { type: 'string', name: '_type' }, /the protocol reserves the name _type/],
    ['required that is no boolean', { type: 'string', required: 'yes' }, /required must be true or false/],
    [
      'required and nullable',
      { type: 'string', required: true, nullable: true },
      /a required field always has a value/,
    ],
    [
      'half a transformer',
      { type: 'string', transformer: { to: String } },
      /a transformer needs two functions/,
    ],
  ])('is refused with a field that has %s', (_, options, text) => {
    expect(problemsOf(withField(options)).message).toMatch(text);
  });

  it.each<[string, object]>([
    ['a counter that is a list', { array: true }],
    ['a counter with a default', { default: 1 }],
  ])('is refused with %s', (_, options) => {
    class Subject {
      @Slug() slug!: string;
    }
    CounterField(options)(Subject.prototype as { n?: number }, 'n');
    DustEntity('subjects')(Subject);
    expect(problemsOf(Subject).message).toMatch(/@CounterField has no option ".*"\. It knows name, from\./);
  });

  it.each<[string, unknown, RegExp]>([
    ['a path as a string', 'reading/links', /Write \{ prefix: \['reading', 'links'\] \}/],
    [
      'a dotted string',
      { prefix: 'reading.links' },
      /one segment, and "reading\.links" looks like several.*\['reading', 'links'\]/,
    ],
    ['an empty string', '', /its prefix is empty/],
    ['a lone separator', '/', /its prefix is empty/],
    ['an empty list', { prefix: [] }, /its prefix is empty/],
    ['an empty segment', { prefix: ['a', ''] }, /segment 2 of its prefix is not a non-empty/],
    ['a malformed segment', { prefix: ['\udc00'] }, /segment 1 of its prefix/],
    ['no prefix', {}, /its prefix is missing/],
    ['an unknown mode', { prefix: 'a', mode: 'deep' }, /its mode is "deep"\. The modes are 'flat' and 'map'/],
    ['an unknown option', { prefix: 'a', table: 'x' }, /@DustEntity has no option "table"/],
    ['a store without an organisation', { prefix: 'a', store: 'reading' }, /'organisation\/name'/],
  ])('is refused with %s', (_, options, text) => {
    expect(problemsOf(withEntity(options)).message).toMatch(text);
  });

  it('is refused when the naming strategy fails a field', () => {
    expect(problemsOf(withEntity('a'), { namingStrategy: () => '' }).message).toMatch(
      /its name on the wire is empty/,
    );
    const broken: BuildOptions = { namingStrategy: () => undefined as unknown as string };
    expect(problemsOf(withEntity('a'), broken).message).toMatch(/gave it no name/);
  });

  it('is refused when a list property was not declared as one', () => {
    @DustEntity('a')
    class A {
      @Slug() slug!: string;
      @Field({ type: 'string' }) tags!: string[];
    }
    expect(problemsOf(A).message).toMatch(/tags: the property is a list, its field is not\. Add array: true/);
  });

  it('is refused with a symbol as a property', () => {
    const key = Symbol('key');
    class Subject {
      @Slug() slug!: string;
    }
    Reflect.apply(Field('string'), undefined, [Subject.prototype, key]);
    DustEntity('a')(Subject);
    expect(problemsOf(Subject).message).toMatch(/Symbol\(key\): a field is a property with a name/);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'is refused with a property named %s',
    (name) => {
      expect(problemsOf(withField({ type: 'string' }, name)).message).toBe(
        `Subject.${name}: a property cannot have this name, which every object inherits. Choose another, and { name: "${name}" } for the wire.`,
      );
    },
  );
});

function withoutSlug(): Class {
  @DustEntity('a')
  class A {
    @Field() title!: string;
  }
  return A;
}
function withTwoSlugs(): Class {
  class Base {
    @Slug() a!: string;
  }
  @DustEntity('a')
  class A extends Base {
    @Slug() b!: string;
    @Field() title!: string;
  }
  return A;
}
function withSlugAsField(): Class {
  @DustEntity('a')
  class A {
    @Slug() @Field() slug!: string;
    @Field() title!: string;
  }
  return A;
}
function withNumberAsSlug(): Class {
  @DustEntity('a')
  class A {
    // @ts-expect-error the compiler says so as well, where it is asked
    @Slug() slug!: number;
    @Field() title!: string;
  }
  return A;
}
function withStringAsCounter(): Class {
  @DustEntity('a')
  class A {
    @Slug() slug!: string;
    // @ts-expect-error the compiler says so as well, where it is asked
    @CounterField() views!: string;
  }
  return A;
}
function withFieldTwice(): Class {
  @DustEntity('a')
  class A {
    @Slug() slug!: string;
    @Field() @Field({ required: true }) title!: string;
  }
  return A;
}
function withoutFields(): Class {
  @DustEntity('a')
  class A {
    @Slug() slug!: string;
  }
  return A;
}
function withTwoVersions(): Class {
  @DustEntity('a')
  class A {
    @Slug() slug!: string;
    @VersionField() one!: number;
    @VersionField() two!: number;
    @UpdatedAtField() changed!: Date;
  }
  return A;
}
function withStaticField(): Class {
  @DustEntity('a')
  class A {
    @Field() static title: string;
    @Slug() slug!: string;
    @Field() other!: string;
  }
  return A;
}
function withMethodAsField(): Class {
  @DustEntity('a')
  class A {
    @Slug() slug!: string;
    @Field('string') title!: string;
    run(): void {}
  }
  Field({ type: 'string' })(A.prototype, 'run');
  return A;
}
function withGetterAsField(): Class {
  @DustEntity('a')
  class A {
    @Slug() slug!: string;
    @Field('string') get computed(): string {
      return this.slug;
    }
  }
  return A;
}
function withSharedName(): Class {
  @DustEntity('a')
  class A {
    @Slug() slug!: string;
    @Field({ name: 'x' }) a!: string;
    @Field({ name: 'x' }) b!: string;
  }
  return A;
}
function withCounterInMapMode(): Class {
  @DustEntity({ prefix: 'a', mode: 'map' })
  class A {
    @Slug() slug!: string;
    @CounterField() views!: number;
  }
  return A;
}
function withSetInMapMode(): Class {
  @DustEntity({ prefix: 'a', mode: 'map' })
  class A {
    @Slug() slug!: string;
    @SetField() tags!: string[];
  }
  return A;
}
function withNestedEntity(): Class {
  class Inner {
    @Slug() slug!: string;
    @Field() title!: string;
  }
  @DustEntity('a')
  class A {
    @Slug() slug!: string;
    @Field(() => Inner) inner!: Inner;
  }
  return A;
}
function withNestedCounter(): Class {
  class Inner {
    @CounterField() views!: number;
  }
  @DustEntity('a')
  class A {
    @Slug() slug!: string;
    @Field(() => Inner) inner!: Inner;
  }
  return A;
}
function withInheritedPrefix(): Class {
  @DustEntity('a')
  class Base {
    @Slug() slug!: string;
    @Field() title!: string;
  }
  class A extends Base {}
  return A;
}

describe('arguments that are no options', () => {
  it.each([[null], [undefined], [5], [['reading', 'links']]])('@DustEntity(%j)', (options) => {
    const { message } = problemsOf(withEntity(options));
    expect(message).toMatch(/^Subject: @DustEntity takes a prefix/);
    expect(message).toContain("@DustEntity('links')");
  });

  it('a list alone is answered with the options it was meant for', () => {
    expect(problemsOf(withEntity(['reading', 'links'])).message).toBe(
      "Subject: @DustEntity takes a prefix of one segment, or options: @DustEntity('links') or @DustEntity({ prefix: ['reading', 'links'] }).",
    );
  });

  it('@Field(null) and @CounterField(null)', () => {
    const nothing = null as unknown as object;
    expect(problemsOf(withField(nothing)).message).toBe(
      'Subject.field: @Field takes an object of options. Leave the argument out where there are none.',
    );
    class Counted {
      views!: number;
    }
    CounterField(nothing)(Counted.prototype, 'views');
    expect(problemsOf(Counted).message).toContain('Counted.views: @CounterField takes an object of options.');
  });
});
