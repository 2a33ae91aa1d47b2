import {
  CounterField,
  CreatedAtField,
  DustEntity,
  Field,
  FileField,
  Index,
  SetField,
  Slug,
  Unique,
  VersionField,
} from '../../../src/decorators/index.js';
import type { IndexDecorator } from '../../../src/decorators/index.js';
import type { DustFile, EntityClass } from '../../../src/metadata/index.js';
import { buildEntityMetadata, EntityMetadataError } from '../../../src/metadata/index.js';

const indexesOf = (target: EntityClass) => buildEntityMetadata(target).indexes;

/** What an entity is indexed by, in short: `state,created_at`, with `!` behind what is unique. */
const shortOf = (target: EntityClass): string[] =>
  indexesOf(target).map(
    ({ definition: { parts, unique } }) =>
      `${parts.map(({ path, type }) => `${path}:${type}`).join(',')}${unique ? '!' : ''}`,
  );

function problemsOf(target: EntityClass): string[] {
  try {
    buildEntityMetadata(target);
  } catch (error) {
    if (error instanceof EntityMetadataError) {
      return error.problems.map(({ property, text }) =>
        property === undefined ? text : `${property}: ${text}`,
      );
    }
    throw error;
  }
  return [];
}

class Address {
  @Field('string') @Index() city?: string;
  @Field({ name: 'post_code' }) code?: string;
}

class Plain {
  street?: string;
}

describe('indexes', () => {
  it('are resolved to the leaves they lie at', () => {
    @DustEntity({ prefix: ['reading', 'links'] })
    @Index(['state', 'createdAt'])
    @Index('by_code', ['address.code'])
    @Unique(['tenant', 'email'])
    class Link {
      @Slug() slug!: string;
      @Field() @Index('states') state!: string;
      @Field({ name: 'e/mail', unique: true }) email!: string;
      @Field() tenant!: string;
      @CreatedAtField() createdAt?: Date;
      @CounterField() @Index() views!: number;
      @Field(() => Address) address?: Address;
    }

    expect(indexesOf(Link)).toEqual([
      index('states', ['state'], [{ path: 'state', type: 'string' }]),
      index(undefined, ['views'], [{ path: 'views', type: 'number', absent: 0 }]),
      index(
        undefined,
        ['tenant', 'email'],
        [
          { path: 'tenant', type: 'string' },
          { path: 'e~1mail', type: 'string' },
        ],
        true,
      ),
      index('by_code', ['address.code'], [{ path: 'address/post_code', type: 'string' }]),
      index(
        undefined,
        ['state', 'createdAt'],
        [
          { path: 'state', type: 'string' },
          { path: 'createdAt', type: 'date' },
        ],
      ),
      index(undefined, ['email'], [{ path: 'e~1mail', type: 'string' }], true),
      index(undefined, ['address.city'], [{ path: 'address/city', type: 'string' }]),
    ]);

    function index(name: string | undefined, properties: string[], parts: object[], unique = false): object {
      return {
        ...(name !== undefined && { name }),
        properties,
        definition: { prefix: 'reading/links', parts, unique },
      };
    }
  });

  it('read each type as it is stored', () => {
    const upper = { to: (value: string) => BigInt(value), from: String };
    @DustEntity('all')
    class All {
      @Slug() slug!: string;
      @Field('string') @Index() a!: string;
      @Field('integer') @Index() b!: number;
      @Field('float') @Index() c!: number;
      @Field('boolean') @Index() d!: boolean;
      @Field('date') @Index() e!: Date;
      @Field('bigint') @Index() f!: bigint;
      @Field('decimal') @Index() g!: string;
      @Field('bytes') @Index() h!: Uint8Array;
      @Field({ enum: ['x', 'y'] }) @Index() i!: string;
      @Field({ enum: [1, 2] }) @Index() j!: number;
      @Field({ type: 'bigint', transformer: upper }) @Index() k!: string;
    }
    expect(shortOf(All)).toEqual([
      'a:string',
      'b:number',
      'c:number',
      'd:boolean',
      'e:date',
      'f:bigint',
      'g:decimal',
      'h:bytes',
      'i:string',
      'j:number',
      'k:bigint',
    ]);
  });

  it('are those of the base classes, too; a class declares one again to change it', () => {
    abstract class Dated {
      @CreatedAtField() @Index() createdAt?: Date;
      @Field() @Index() title!: string;
    }
    @DustEntity('notes')
    class Note extends Dated {
      @Slug() slug!: string;
      @Unique() override title = '';
      @Field() @Index() text!: string;
    }
    expect(shortOf(Note)).toEqual(['createdAt:date', 'title:string!', 'text:string']);
  });

  it('of a nested class are those of every entity with a field of it, however deep; a list of it has none', () => {
    @Index('places', ['city', 'code'])
    class Place {
      @Field() city?: string;
      @Field() @Index({ unique: true }) code?: string;
    }
    @Index(['since'])
    class Person {
      @Field() since?: Date;
      @Field() work?: Place;
    }
    @DustEntity('firms')
    class Firm {
      @Slug() slug!: string;
      @Field() seat?: Place;
      @Field() head?: Person;
      @Field(() => [Address]) branches?: Address[];
    }
    expect(shortOf(Firm)).toEqual([
      'seat/code:string!',
      'seat/city:string,seat/code:string',
      'head/since:date',
      'head/work/code:string!',
      'head/work/city:string,head/work/code:string',
    ]);
    expect(indexesOf(Firm).flatMap(({ name }) => name ?? [])).toEqual(['seat.places', 'head.work.places']);
  });

  it('find a property with a dot in its name', () => {
    @DustEntity('dots')
    @Index(['a.b', 'a.city'])
    class Dots {
      @Slug() slug!: string;
      @Field() 'a.b'?: string;
      @Field(() => Address) 'a'?: Address;
    }
    expect(shortOf(Dots)).toEqual(['a.b:string,a/city:string', 'a/city:string']);
  });

  it('take a snake_case name, as the field does', () => {
    @DustEntity('notes')
    class Note {
      @Slug() slug!: string;
      @CreatedAtField() @Index() createdAt?: Date;
    }
    const [{ definition, properties }] = buildEntityMetadata(Note, { namingStrategy: 'snake_case' })
      .indexes as [ReturnType<typeof indexesOf>[number]];
    expect([properties, definition.parts[0]?.path]).toEqual([['createdAt'], 'created_at']);
  });
});

/** A class with one of each, and these decorators on it. */
function withIndex(decorate: IndexDecorator, property?: string): EntityClass {
  class Subject {
    @Slug() slug!: string;
    @Field() title!: string;
    @Field() state!: string;
    @Field('string', { array: true }) tags!: string[];
    @Field('json') extra!: unknown;
    @Field(() => Address) address?: Address;
    @Field(() => [Address]) places?: Address[];
    @Field(() => Plain) plain?: Plain;
    @Field({ enum: [1, 'two'] }) mixed!: string | number;
    @SetField('string') labels!: string[];
    @FileField() cover?: DustFile;
    @VersionField() version!: number;
    unstored?: string;
  }
  if (property === undefined) decorate(Subject);
  else decorate(Subject.prototype, property);
  DustEntity('subjects')(Subject);
  return Subject;
}

const unchecked = (decorator: unknown, ...args: unknown[]): IndexDecorator =>
  Reflect.apply(decorator as (...args: unknown[]) => IndexDecorator, undefined, args);

const FORMS = 'Properties are named in a list of strings.';

describe('an index is refused', () => {
  it.each<[string, IndexDecorator, string | undefined, string]>([
    [
      'of an unknown property',
      Index(['titel']),
      undefined,
      'titel: it cannot be indexed: there is no field "titel". Did you mean "title"?',
    ],
    [
      'of what is not stored',
      Index(),
      'unstored',
      'unstored: it cannot be indexed: there is no field "unstored".',
    ],
    [
      'of an unknown part',
      Index(['address.town', 'state']),
      undefined,
      'it cannot be indexed: there is no field "town"',
    ],
    ['of a part of what has none', Index(['title.length']), undefined, 'title is no nested object'],
    [
      'of a part of a list',
      Index(['places.city']),
      undefined,
      'places is a list, which is stored as one value',
    ],
    [
      'of a class without @Field',
      Index(['plain.street']),
      undefined,
      'plain is mapped by class-transformer, which does not tell its parts. Put @Field() on the properties of Plain.',
    ],
    ['of a list', Index(), 'tags', 'tags: it cannot be indexed: a list is stored as one value'],
    ['of JSON', Index(), 'extra', 'extra: it cannot be indexed: values of type json have no order'],
    [
      'of a nested object',
      Index(),
      'address',
      "Name its parts, such as 'address.city', or put @Index() on properties of its class.",
    ],
    ['of a mixed enum', Index(), 'mixed', 'its values are strings and numbers, which have no common order'],
    ['of a set', Index(), 'labels', 'a set has no order'],
    ['of a file', Index(), 'cover', 'a file has no order'],
    ['of the version', Index(), 'version', 'the version is the revision of the record'],
    [
      'of the slug',
      Unique(),
      'slug',
      'slug: the slug is unique, and records are found by it without an index',
    ],
    [
      'with the slug in it',
      Index(['state', 'slug']),
      undefined,
      'which stands at the end of every index anyway',
    ],
    ['with the slug in it, unique', Unique(['state', 'slug']), undefined, 'which is unique alone'],
    ['of the same property twice', Index(['state', 'state']), undefined, 'its index names state twice'],
    [
      'of nine properties',
      Index('a b c d e f g h i'.split(' ')),
      undefined,
      'an index has at most 8 properties, and this one has 9',
    ],
    [
      'with an unknown option',
      unchecked(Index, { sparse: true }),
      'title',
      'title: @Index has no option "sparse". It knows unique.',
    ],
    [
      'with a bad value of an option',
      unchecked(Index, { unique: 1 }),
      'title',
      'unique must be true or false',
    ],
    ['with a list on a property', Index(['state']), 'title', '@Index on a property is about that one'],
    [
      'without a list on a class',
      Index(),
      undefined,
      "@Index on a class names its properties. Write @Index(['state', 'createdAt']).",
    ],
    ['with an empty list', Unique([]), undefined, '@Unique on a class names its properties'],
    ['with a number in its list', unchecked(Index, ['state', 1]), undefined, 'something else than a name'],
    ['with an empty name', Index('', ['state', 'title']), undefined, 'the name of its index is empty'],
    ['with a function', unchecked(Index, (subject: { state: string }) => [subject.state]), undefined, FORMS],
    [
      'with too much',
      unchecked(Unique, ['state'], { unique: true }),
      undefined,
      '@Unique takes a name and a list of properties',
    ],
    ['on a symbol', unchecked(Index), Symbol('s') as unknown as string, 'an indexed property has a name'],
  ])('%s', (_, decorate, property, text) => {
    const problems = problemsOf(withIndex(decorate, property));
    expect(problems).toEqual([expect.stringContaining(text)]);
  });

  it('when it is there twice, whichever way it was declared', () => {
    @DustEntity('twice')
    @Index(['state'])
    @Index('title', ['address.city'])
    @Index('title', ['state', 'title'])
    class Twice {
      @Slug() slug!: string;
      @Index() @Field() state!: string;
      @Field({ unique: true }) @Unique() title!: string;
      @Field(() => Address) address?: Address;
    }
    expect(problemsOf(Twice)).toEqual([
      'state: the index by state is declared twice. Keep one, with unique where values shall be so.',
      'title: the index by title is declared twice. Keep one, with unique where values shall be so.',
      'address.city: the index by address.city is declared twice. Keep one, with unique where values shall be so.',
      'it has several indexes of the name "title". Give each one its own.',
    ]);
  });

  it('in a class that contains itself, and in one whose parts are not known', () => {
    class Node {
      @Field() @Index() name?: string;
      @Field(() => Node) child?: unknown;
    }
    class Unknown {
      @Index() name?: string;
    }
    class Account {
      @Field({ unique: true }) email?: string;
    }
    @DustEntity('trees')
    class Tree {
      @Slug() slug!: string;
      @Field(() => Node) root?: Node;
      @Field(() => Unknown) other?: Unknown;
      @Field(() => [Account]) accounts?: Account[];
    }
    expect(problemsOf(Tree)).toEqual([
      expect.stringMatching(/^root\.child: the nested class Node: it contains itself/),
      expect.stringMatching(/^other: the nested class Unknown: it is mapped by class-transformer/),
      expect.stringMatching(
        /^accounts: the nested class Account: accounts is a list of it, and what is in a list cannot be unique/,
      ),
    ]);
  });

  it('names the property of a nested class', () => {
    class Odd {
      @Field() @Index(['x']) name?: string;
    }
    @DustEntity('odd')
    class Entity {
      @Slug() slug!: string;
      @Field(() => Odd) odd?: Odd;
    }
    expect(problemsOf(Entity)).toEqual([
      'odd: the nested class Odd.name: @Index on a property is about that one. Leave the list out, or put it on the class.',
    ]);
  });

  it('once, where its field is refused for something else', () => {
    class Part {
      @Field() @Index() unknown: unknown;
    }
    @DustEntity('faulty')
    @Index(['meta', 'title'])
    class Faulty {
      @Slug() slug!: string;
      @Field() title!: string;
      @Field() meta: unknown;
      @Field() part?: Part;
    }
    expect(problemsOf(Faulty)).toEqual([
      expect.stringMatching(/^meta: its type cannot be known/),
      expect.stringMatching(/^the nested class Part.unknown: its type cannot be known/),
    ]);
  });
});

describe('a field that is not selected', () => {
  it('is so in its metadata', () => {
    @DustEntity('accounts')
    class Account {
      @Slug() slug!: string;
      @Field() name!: string;
      @Field({ select: false }) hash!: string;
    }
    expect(buildEntityMetadata(Account).fields.map(({ select }) => select)).toEqual([true, false]);
  });

  it('is refused in a nested class, and with another value', () => {
    class Secret {
      @Field({ select: false }) key?: string;
    }
    @DustEntity('accounts')
    class Account {
      @Slug() slug!: string;
      @Field(() => Secret) secret?: Secret;
      @Field({ select: 'no' as unknown as boolean, unique: 1 as unknown as boolean }) hash!: string;
    }
    expect(problemsOf(Account)).toEqual([
      expect.stringMatching(/^the nested class Secret\.key: a nested value is read as a whole/),
      'hash: unique must be true or false.',
      'hash: select must be true or false.',
    ]);
  });
});
