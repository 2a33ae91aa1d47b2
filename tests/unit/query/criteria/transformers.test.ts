import 'reflect-metadata';
import { DustEntity, Field, Slug } from '../../../../src/decorators/index.js';
import { isDustError } from '../../../../src/errors.js';
import { buildEntityMetadata } from '../../../../src/metadata/build-entity-metadata.js';
import type { FindManyOptions, FindOptionsOrder, FindOptionsWhere } from '../../../../src/query/index.js';
import {
  And,
  ArrayContains,
  Between,
  compileQuery,
  Equal,
  In,
  IsNull,
  JsonContains,
  LessThan,
  Like,
  MoreThan,
  Not,
  Or,
} from '../../../../src/query/index.js';

class Money {
  readonly #cents: number;

  constructor(cents: number) {
    this.#cents = cents;
  }

  get cents(): number {
    return this.#cents;
  }
}

/** How often an operand or a value went to the store's form. */
let converted = 0;

const money = {
  to: (value: Money) => {
    converted++;
    return value.cents;
  },
  from: (value: number) => new Money(value),
};
const url = { to: (value: URL) => value.href, from: (value: string) => new URL(value) };
const lower = { to: (value: string) => value.toLowerCase(), from: (value: string) => value };
const trimmed = { to: (value: string) => value.trim(), from: (value: string) => value };
const members = { to: (value: Set<string>) => [...value].sort(), from: (value: string[]) => new Set(value) };
const strict = {
  to: (value: string) => {
    if (value === 'bad') throw new Error('not that one');
    return value === 'none' ? null : value;
  },
  from: (value: string) => value,
};

class Offer {
  @Field({ type: 'integer', transformer: money }) price?: Money;
}

@DustEntity('goods')
class Good {
  @Slug() id!: string;
  @Field({ type: 'integer', transformer: money }) price?: Money | null;
  @Field({ type: 'string', transformer: url }) page?: URL;
  @Field({ type: 'string', transformer: [trimmed, lower] }) code?: string;
  @Field({ type: 'decimal', transformer: { to: String, from: Number } }) weight?: number;
  @Field({ type: 'string', array: true, transformer: members }) tags?: Set<string>;
  @Field({ type: 'json', transformer: { to: (value: object) => value, from: (value: object) => value } })
  extra?: object;
  @Field({ type: 'string', transformer: strict }) strict?: string;
  @Field({ type: () => Offer }) offer?: Offer;
}

const metadata = buildEntityMetadata(Good);
const good = (properties: Partial<Good>): Good => Object.assign(new Good(), { id: 'x' }, properties);
const offer = (cents: number): Offer => Object.assign(new Offer(), { price: new Money(cents) });

function matches(properties: Partial<Good>, where: FindOptionsWhere<Good>): boolean {
  return compileQuery(metadata, { where }).matches(good(properties));
}

function refusal(run: () => unknown): { kind: string; message: string; cause: unknown } {
  try {
    run();
  } catch (error) {
    if (isDustError(error)) return { kind: error.kind, message: error.message, cause: error.cause };
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('values behind a transformer compare by what is stored', () => {
  const page = new URL('https://x/2');

  it.each<[string, Partial<Good>, FindOptionsWhere<Good>, boolean]>([
    ['equal', { price: new Money(5) }, { price: Equal(new Money(5)) }, true],
    ['equal, written bare', { price: new Money(5) }, { price: new Money(5) }, true],
    ['unequal', { price: new Money(5) }, { price: new Money(6) }, false],
    ['more', { price: new Money(10) }, { price: MoreThan(new Money(9)) }, true],
    ['not more', { price: new Money(2) }, { price: MoreThan(new Money(9)) }, false],
    ['between', { price: new Money(10) }, { price: Between(new Money(9), new Money(10)) }, true],
    ['in a list', { price: new Money(10) }, { price: In([new Money(9), new Money(10)]) }, true],
    ['not', { page }, { page: Not(Equal(new URL('https://x/2'))) }, false],
    ['not another', { page }, { page: Not(Equal(new URL('https://x/3'))) }, true],
    ['and', { price: new Money(5) }, { price: And(MoreThan(new Money(4)), LessThan(new Money(6))) }, true],
    ['or', { price: new Money(5) }, { price: Or(IsNull(), Equal(new Money(5))) }, true],
    ['null is not asked', { price: null }, { price: Not(Equal(new Money(5))) }, false],
    ['null', { price: null }, { price: IsNull() }, true],
    ['several transformers', { code: ' AB ' }, { code: 'ab' }, true],
    ['a pattern goes through them, too', { code: 'abc' }, { code: Like('AB%') }, true],
    ['a number that is stored as a decimal', { weight: 10 }, { weight: MoreThan(9) }, true],
    ['a set that is stored as an array', { tags: new Set(['b', 'a']) }, { tags: new Set(['a', 'b']) }, true],
    ['a part of an array', { tags: new Set(['b', 'a']) }, { tags: ArrayContains(['a']) as never }, true],
    ['a part of JSON', { extra: { a: 1, b: 2 } }, { extra: JsonContains({ a: 1 }) }, true],
    ['a part of a nested object', { offer: offer(10) }, { offer: { price: MoreThan(new Money(9)) } }, true],
    ['of a value of which nothing is stored', { strict: 'none' }, { strict: IsNull() }, true],
  ])('%s', (_, properties, where, expected) => {
    expect(matches(properties, where)).toBe(expected);
  });

  it('order by what is stored', () => {
    const sorted = (order: FindOptionsOrder<Good>): number[] =>
      [9, 10, 2]
        .map((cents) =>
          good({ id: String(cents), price: new Money(cents), weight: cents, offer: offer(cents) }),
        )
        .sort(compileQuery(metadata, { order }).compare)
        .map(({ price }) => price!.cents);
    expect(sorted({ price: 'DESC' })).toEqual([10, 9, 2]);
    expect(sorted({ weight: 'ASC' })).toEqual([2, 9, 10]);
    expect(sorted({ offer: { price: 'ASC' } })).toEqual([2, 9, 10]);
  });

  it('operands are converted once, when the query is compiled', () => {
    converted = 0;
    const query = compileQuery(metadata, { where: { price: In([new Money(1), new Money(2)]) } });
    expect(converted).toBe(2);
    for (const cents of [1, 2, 3]) query.matches(good({ price: new Money(cents) }));
    expect(converted).toBe(5);
  });

  it('a condition carries what is stored', () => {
    const where = { price: Or(Equal(new Money(1)), IsNull()), code: Like('AB%') };
    const [conditions] = compileQuery(metadata, { where }).alternatives!;
    expect(conditions!.map(({ stored }) => stored)).toEqual([
      { operator: 'Or', operands: [Equal(1), IsNull()] },
      Like('ab%'),
    ]);
    expect(conditions!.map(({ property }) => property.kind)).toEqual(['integer', 'string']);
    const [{ property }] = conditions as [(typeof conditions & object)[number]];
    expect(property.comparable(new Money(7))).toBe(7);
    expect(property.comparable(null)).toBeNull();
  });
});

describe('an operand that a transformer does not take', () => {
  it.each<[string, unknown, string]>([
    [
      'throws',
      { strict: 'bad' },
      'Good.strict: where takes a value that its transformer takes, not the string "bad", for which it threw (not that one).',
    ],
    [
      'throws inside a list',
      { strict: In(['a', 'bad']) },
      'Good.strict: In takes a value that its transformer',
    ],
    [
      'becomes null',
      { strict: Not('none') },
      'Good.strict: Not takes a value that its transformer makes something of',
    ],
    [
      'becomes undefined',
      { price: MoreThan(5) },
      'MoreThan takes a value that its transformer makes something of, not the number 5.',
    ],
    [
      'becomes another type',
      { price: { cents: 'x' } },
      'Good.price: where takes a number, not the string "x".',
    ],
    ['is null', { price: null }, 'Good.price: null in where. Use IsNull()'],
    [
      'is an operator in a list',
      { price: In([IsNull()]) },
      'Good.price: In takes a value, not the operator IsNull.',
    ],
    ['is none for what is stored', { tags: Like('a') }, 'Good.tags: Like'],
  ])('and %s is refused', (_, where, message) => {
    const refused = refusal(() => compileQuery(metadata, { where } as FindManyOptions<Good>));
    expect(refused.kind).toBe('invalid_criteria');
    expect(refused.message).toContain(message);
  });

  it('keeps what the transformer threw as the cause', () => {
    const where = { strict: 'bad' };
    expect(refusal(() => compileQuery(metadata, { where })).cause).toEqual(new Error('not that one'));
  });

  it('and an entity whose value it does not take back fails the read', () => {
    const { matches: test } = compileQuery(metadata, { where: { strict: 'a' } });
    expect(refusal(() => test(good({ strict: 'bad' })))).toMatchObject({
      kind: 'invalid_value',
      message:
        'Good.strict: its transformer threw in to() for the string "bad" (not that one). It must take back what its from() gives.',
    });
  });
});
