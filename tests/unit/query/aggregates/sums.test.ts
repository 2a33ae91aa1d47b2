import fc from 'fast-check';
import { createAggregate } from '../../../../src/query/aggregates/aggregates.js';
import type { AggregateName } from '../../../../src/query/aggregates/aggregates.js';
import { DecimalSum } from '../../../../src/query/aggregates/decimal-sum.js';
import { NumberSum } from '../../../../src/query/aggregates/number-sum.js';
import type { Thing } from '../metadata.js';
import { thing, thingMetadata } from '../metadata.js';

const metadata = thingMetadata();

function aggregate(name: AggregateName, property: string, things: readonly Partial<Thing>[]): unknown {
  const result = createAggregate(metadata, name, property);
  for (const each of things) result.add(thing(each));
  return result.result();
}

describe('DecimalSum', () => {
  it.each<[string[], string]>([
    [[], '0'],
    [['1', '2'], '3'],
    [['0.1', '0.2'], '0.3'],
    [['1.50', '1.5'], '3.00'],
    [['-0.05'], '-0.05'],
    [['-1', '0.5'], '-0.5'],
    [['12.50', '-12.5'], '0.00'],
    [['99999999999999999999.99', '0.01'], '100000000000000000000.00'],
  ])('of %j is %s', (texts, expected) => {
    const sum = new DecimalSum();
    for (const text of texts) expect(sum.add(text)).toBe(true);
    expect(sum.toString()).toBe(expected);
  });

  it.each(['', 'x', '1e3', '.5', '1.', '+1', ' 1'])('does not take %j', (text) => {
    const sum = new DecimalSum();
    expect(sum.add(text)).toBe(false);
    expect(sum.toString()).toBe('0');
  });

  it('is exact, in whatever order', () => {
    const cents = fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n });
    const written = (value: bigint): string => {
      const digits = String(value < 0n ? -value : value).padStart(3, '0');
      return `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
    };
    fc.assert(
      fc.property(fc.array(cents, { minLength: 1 }), (values) => {
        const sum = new DecimalSum();
        for (const value of values) sum.add(written(value));
        expect(sum.toString()).toBe(written(values.reduce((a, b) => a + b)));
      }),
    );
  });
});

describe('NumberSum', () => {
  const sum = (values: readonly number[]): number => {
    const all = new NumberSum();
    for (const value of values) all.add(value);
    return all.value;
  };

  it('keeps what adding one to the other would lose', () => {
    expect(sum(new Array<number>(10).fill(0.1))).toBe(1);
    expect(sum([1e100, 1, -1e100])).toBe(1);
    expect(sum([1, 1e100, 1, -1e100])).toBe(2);
    expect(sum([])).toBe(0);
    expect(sum([Number.MAX_VALUE, Number.MAX_VALUE])).toBe(Infinity);
  });

  it('is exact for integers', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (values) => {
        expect(sum(values)).toBe(values.reduce((a, b) => a + b, 0));
      }),
    );
  });
});

describe('aggregates', () => {
  const bytes = (...items: number[]): Uint8Array => Uint8Array.from(items);

  it.each<[AggregateName, string, Partial<Thing>[], unknown]>([
    ['sum', 'count', [{ count: 1 }, {}, { count: 4 }], 5],
    ['sum', 'count', [{}, {}], null],
    ['sum', 'count', [], null],
    ['sum', 'count', [{ count: 0 }], 0],
    ['sum', 'big', [{ big: 2n ** 70n }, { big: 1n }], 2n ** 70n + 1n],
    ['sum', 'price', [{ price: '0.10' }, { price: '0.2' }], '0.30'],
    ['average', 'count', [{ count: 1 }, {}, { count: 4 }], 2.5],
    ['average', 'count', [{}], null],
    ['average', 'big', [{ big: 2n ** 60n }, { big: 2n ** 60n + 1n }], 2 ** 60],
    ['average', 'big', [{ big: 1n }, { big: 2n }], 1.5],
    ['average', 'price', [{ price: '0.10' }, { price: '0.2' }], 0.15],
    ['minimum', 'count', [{ count: 3 }, { count: 2 }, {}], 2],
    ['maximum', 'count', [{ count: 3 }, { count: 20 }, {}], 20],
    ['maximum', 'count', [{}], null],
    ['minimum', 'price', [{ price: '10' }, { price: '9.0' }], '9.0'],
    ['maximum', 'at', [{ at: new Date(5) }, { at: new Date(7) }], new Date(7)],
    ['minimum', 'title', [{ title: '\uffff' }, { title: '😀' }], '\uffff'],
    ['minimum', 'slug', [{ slug: 'a' }, { slug: 'a-2' }], 'a-2'],
    ['maximum', 'data', [{ data: bytes(1) }, { data: bytes(200) }], bytes(200)],
    ['maximum', 'big', [{ big: 1n }, { big: 2n ** 70n }], 2n ** 70n],
  ])('%s of %s', (name, property, things, expected) => {
    expect(aggregate(name, property, things)).toEqual(expected);
  });

  it.each<[AggregateName, unknown, string]>([
    ['sum', 'cuont', 'Thing has no property "cuont" for sum. Did you mean "count"?'],
    ['sum', undefined, 'Thing: sum takes the name of a property, not undefined.'],
    ['sum', 'constructor', 'Thing has no property "constructor" for sum.'],
    [
      'sum',
      'title',
      'Thing.title: sum does not work on a string. It works on numbers, bigints and decimals.',
    ],
    ['average', 'at', 'Thing.at: average does not work on a date.'],
    ['sum', 'tags', 'Thing.tags: sum does not work on an array'],
    [
      'minimum',
      'meta',
      'Thing.meta: minimum does not work on a JSON value. It works on text, numbers, dates',
    ],
    ['maximum', 'labels', 'Thing.labels: maximum does not work on a set'],
  ])('%s refuses %j', (name, property, message) => {
    expect(() => createAggregate(metadata, name, property)).toThrow(
      expect.objectContaining({ kind: 'invalid_criteria', message: expect.stringContaining(message) }),
    );
  });

  it('sum what a transformer makes, as long as it is numbers of one type', () => {
    const secrets = (...values: unknown[]): unknown =>
      aggregate(
        'sum',
        'secret',
        values.map((secret) => ({ secret }) as Partial<Thing>),
      );
    expect(secrets(1, 2.5)).toBe(3.5);
    expect(secrets('1.0', '2.5')).toBe('3.5');
    expect(() => secrets(1, '2')).toThrow('Thing.secret: cannot sum the string "2".');
    expect(() => secrets('x')).toThrow('Thing.secret: cannot sum the string "x".');
    expect(() => secrets({})).toThrow('Thing.secret: cannot sum an object.');
  });
});
