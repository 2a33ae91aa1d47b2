import { CounterField, DustEntity, Field, Index, Slug } from '../../../src/decorators/index.js';
import { createEntityMapper } from '../../../src/mapping/index.js';
import type { EntityClass } from '../../../src/metadata/index.js';
import { buildEntityMetadata } from '../../../src/metadata/index.js';
import { systemClock } from '../../../src/clock.js';

const mapperOf = (target: EntityClass) =>
  createEntityMapper(buildEntityMetadata(target), { clock: systemClock });

/** What a record without each indexed leaf counts as, by its path. */
const absentOf = (target: EntityClass): Record<string, unknown> =>
  Object.fromEntries(
    mapperOf(target).metadata.indexes.flatMap(({ definition }) =>
      definition.parts.map(({ path, absent }) => [path, absent]),
    ),
  );

const BY_INITIALISER = /gives it a value by an initialiser, which the index does not know/;

describe('what a record without a leaf counts as in an index', () => {
  it('is what the class gives the property, as it would be stored', () => {
    const doubled = { to: (value: number) => value * 2, from: (value: number) => value / 2 };
    @DustEntity('links')
    class Link {
      @Slug() slug!: string;
      @Field('string') @Index() state = 'draft';
      @Field({ type: 'float', transformer: doubled }) @Index() rank = 4;
      @Field('bigint') @Index() size = 12n;
      @Field('date') @Index() since = new Date('2020-01-02T00:00:00Z');
      @Field() @Index() title?: string;
      @Field('string') @Index() note: string | null = null;
      @CounterField() @Index() views = 7;
    }
    expect(absentOf(Link)).toEqual({
      state: 'draft',
      // Its transformer makes 0 of nothing, which counts as nothing.
      rank: undefined,
      size: '12',
      since: '2020-01-02T00:00:00.000Z',
      title: undefined,
      note: undefined,
      // A counter that is absent is read as 0, whatever the class says.
      views: 0,
    });
  });

  it('is nothing for what must be there, which may change from instance to instance', () => {
    let made = 0;
    @DustEntity('links')
    class Link {
      @Slug() slug!: string;
      @Field('string', { required: true }) @Index() serial = String(made++);
      @Field({ default: 'x' }) @Index() kind?: string;
    }
    expect(absentOf(Link)).toEqual({ serial: undefined, kind: undefined });
  });

  it('makes no instance of a class without indexes', () => {
    @DustEntity('links')
    class Link {
      @Slug() slug!: string;
      @Field() title?: string;
      constructor() {
        throw new Error('not now');
      }
    }
    expect(mapperOf(Link).metadata.indexes).toEqual([]);
  });

  it('is refused where it differs between instances', () => {
    let made = 0;
    @DustEntity('links')
    @Index(['serial', 'title'])
    class Link {
      @Slug() slug!: string;
      @Field('string') @Index() serial = `s${made++}`;
      @Field() title?: string;
    }
    expect(() => mapperOf(Link)).toThrow(
      'Link.serial: it is indexed, and the class gives each instance another value. Records without the field would lie nowhere in the index. ' +
        'Use { default: … }, which is stored, and no initialiser.',
    );
  });

  it.each<[string, () => unknown]>([
    ['a Date', () => new Date()],
    ['a number', () => Date.now()],
    ['a string', () => new Date().toISOString()],
    ['a bigint', () => BigInt(Date.now())],
  ])('is refused for the present time as %s, which two instances may share', (_, now) => {
    // The clock stands still, so that both instances have the same one.
    jest.useFakeTimers({ now: 1_790_000_000_000 });
    try {
      class Link {
        slug!: string;
        at: unknown = now();
      }
      Slug()(Link.prototype, 'slug');
      const value = now();
      const type =
        value instanceof Date ? 'date' : typeof value === 'number' ? 'float' : (typeof value as 'string');
      Field({ type })(Link.prototype, 'at');
      Index()(Link.prototype, 'at');
      DustEntity('links')(Link);
      expect(() => mapperOf(Link)).toThrow(
        'Link.at: it is indexed, and the class gives each instance another value.',
      );
    } finally {
      jest.useRealTimers();
    }
  });

  it('is refused where it cannot be stored, and where the constructor fails', () => {
    @DustEntity('links')
    class Link {
      @Slug() slug!: string;
      @Field('integer') @Index() rank = 1.5;
    }
    expect(() => mapperOf(Link)).toThrow(
      'Link.rank: it is indexed, and the class gives it what cannot be stored: expected an integer between ±(2^53 - 1), found the number 1.5.',
    );
    @DustEntity('links')
    class Failing {
      @Slug() slug!: string;
      @Field() @Index() title?: string;
      constructor() {
        throw new Error('not now');
      }
    }
    expect(() => mapperOf(Failing)).toThrow('Failing: its constructor threw when called without arguments.');
  });
});

describe('a part of a nested object', () => {
  class Address {
    @Field() @Index() city?: string;
  }
  class Roman {
    @Field('string') @Index() city? = 'Rome';
  }

  it('counts as null, and its classes may leave it alone', () => {
    @DustEntity('people')
    class Person {
      @Slug() slug!: string;
      @Field(() => Address) address? = new Address();
      @Field('string') @Index() name = 'N. N.';
    }
    expect(absentOf(Person)).toEqual({ name: 'N. N.', 'address/city': undefined });
  });

  it('is refused when the nested class gives it a value', () => {
    @DustEntity('people')
    class Person {
      @Slug() slug!: string;
      @Field() home?: Roman;
    }
    expect(() => mapperOf(Person)).toThrow(
      /^Person\.home\.city: it is indexed, and its class Roman gives it/,
    );
    expect(() => mapperOf(Person)).toThrow(BY_INITIALISER);
  });

  it('is refused when the entity gives it a value within the object', () => {
    @DustEntity('people')
    class Person {
      @Slug() slug!: string;
      @Field(() => Address) home? = Object.assign(new Address(), { city: 'Rome' });
    }
    expect(() => mapperOf(Person)).toThrow(/^Person\.home\.city: it is indexed, and the class gives it/);
  });

  it('may have a value by an initialiser where it must be there to be read, and so may what it lies in', () => {
    class Required {
      @Field('string', { required: true }) @Index() city = '';
    }
    @DustEntity('people')
    class Person {
      @Slug() slug!: string;
      @Field() home?: Required;
      @Field(() => Address, { required: true }) work = Object.assign(new Address(), { city: 'Rome' });
    }
    expect(absentOf(Person)).toEqual({ 'home/city': undefined, 'work/city': undefined });
    @DustEntity('people')
    class Initial {
      @Slug() slug!: string;
      @Field(() => Required) home? = Object.assign(new Required(), { city: 'Rome' });
    }
    expect(() => mapperOf(Initial)).toThrow(/^Initial\.home\.city: it is indexed, and the class gives it/);
  });

  it('is refused behind a transformer that an initialiser goes through, and where its class cannot be made', () => {
    const parsed = {
      to: (city: string) => Object.assign(new Address(), { city }),
      from: ({ city }: Address) => city,
    };
    class Failing {
      @Field() @Index() city?: string;
      constructor() {
        throw new Error('not now');
      }
    }
    @DustEntity('people')
    class Person {
      @Slug() slug!: string;
      @Field({ type: () => Address, transformer: parsed }) home = 'Rome';
      @Field() work?: Failing;
    }
    expect(() => mapperOf(Person)).toThrow(/Person\.home\.city: it is indexed, and the class gives it/);
    expect(() => mapperOf(Person)).toThrow(
      'Person.work.city: it is indexed, and its class Failing threw when it was constructed without arguments: not now.',
    );
  });
});
