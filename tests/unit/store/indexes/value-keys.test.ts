import * as fc from 'fast-check';
import type { IndexedType, IndexedValue } from '../../../../src/protocol/values/record-access.js';
import type { JsonValue } from '../../../../src/protocol/values/value.js';
import {
  behindIndexKey,
  indexKey,
  piecesOf,
  slugKey,
  slugOfEntry,
  slugStart,
} from '../../../../src/store/indexes/keys/entry-keys.js';
import { storedKey, valueKey, valueOfKey } from '../../../../src/store/indexes/keys/value-keys.js';

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byBytes = (a: string, b: string): number =>
  Buffer.compare(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1'));
const sign = (order: number): number => Math.sign(order);

/** Text with all that is awkward: what ends a value, what escapes it, both sides of the surrogates. */
const text = fc
  .array(fc.constantFrom('', '\0', '\x01', '\x02', '!', '/', '~', 'a', 'b', 'ÿ', 'é', '퟿', '', '￿', '😀'), {
    maxLength: 5,
  })
  .map((characters) => characters.join(''));
const digits = fc.oneof(
  fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }),
  fc.bigInt({ min: -20n, max: 20n }),
);

/** A number as a ratio to compare by: hundred decimals are more than any that is drawn. */
const scaled = (decimal: string): bigint => {
  const [whole = '', fraction = ''] = decimal.replace('-', '').split('.');
  const value = BigInt(whole + fraction.padEnd(100, '0'));
  return decimal.startsWith('-') ? -value : value;
};
const decimal = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.nat({ max: 10 ** 6 }),
    fc.constantFrom('', '0', '00'),
    fc.string({
      unit: fc.constantFrom('0', '0', '1', '9'),
      maxLength: 30,
    }),
  )
  .map(
    ([minus, whole, zeros, fraction]) => `${minus}${zeros}${whole}${fraction === '' ? '' : `.${fraction}`}`,
  );
const compareBigints = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

interface TypeUnderTest<T = any> {
  readonly type: IndexedType;
  readonly values: fc.Arbitrary<T>;
  readonly compare: (a: T, b: T) => number;
  readonly stored: (value: T) => JsonValue;
  readonly held: (value: T) => IndexedValue;
}

const underTest = <T>(of: TypeUnderTest<T>): TypeUnderTest<T> => of;

const byCodePoints = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const date = fc.oneof(
  fc.integer({ min: -8.64e15, max: 8.64e15 }),
  fc.integer({ min: 1.7e12, max: 1.7e12 + 50 }),
);
const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -9, max: 9 }));

const TYPES: readonly TypeUnderTest[] = [
  underTest({ type: 'string', values: text, compare: byCodePoints, stored: (v) => v, held: (v) => v }),
  underTest({ type: 'number', values: number, compare: (a, b) => a - b, stored: (v) => v, held: (v) => v }),
  underTest({
    type: 'boolean',
    values: fc.boolean(),
    compare: (a, b) => Number(a) - Number(b),
    stored: (v) => v,
    held: (v) => v,
  }),
  underTest({
    type: 'date',
    values: date,
    compare: (a, b) => a - b,
    stored: (v) => new Date(v).toISOString(),
    held: (v) => v,
  }),
  underTest({
    type: 'bigint',
    values: digits,
    compare: compareBigints,
    stored: (v) => v.toString(),
    held: (v) => v,
  }),
  underTest({
    type: 'decimal',
    values: decimal,
    compare: (a, b) => compareBigints(scaled(a), scaled(b)),
    stored: (v) => v,
    held: (v) => v,
  }),
  underTest({
    type: 'bytes',
    values: fc.uint8Array({ maxLength: 4 }),
    compare: (a, b) => Buffer.compare(a, b),
    stored: (v) => Buffer.from(v).toString('base64'),
    held: (v) => v,
  }),
];

describe('the keys of values', () => {
  it.each(TYPES.map((each) => [each.type, each] as const))(
    'are in the order of the values: %s',
    (type, { values, compare, stored, held }) => {
      fc.assert(
        fc.property(values, values, (a, b) => {
          const [left, right] = [storedKey(type, stored(a)), storedKey(type, stored(b))];
          expect(sign(byText(left, right))).toBe(sign(compare(a, b)));
          expect(sign(byBytes(left, right))).toBe(sign(compare(a, b)));
          expect(valueKey(type, held(a))).toBe(left);
          expect(valueKey(type, valueOfKey(type, left))).toBe(left);
        }),
        { numRuns: 1000 },
      );
    },
  );

  it.each(TYPES.map((each) => [each.type, each] as const))(
    'come before null, and that before what cannot be read: %s',
    (type, { values, stored }) => {
      const [nothing, garbage] = [storedKey(type, null), storedKey(type, { a: 1 })];
      expect(storedKey(type, undefined)).toBe(nothing);
      expect(valueKey(type, null)).toBe(nothing);
      expect(byText(nothing, garbage)).toBe(-1);
      fc.assert(
        fc.property(values, (value) => {
          expect(byText(storedKey(type, stored(value)), nothing)).toBe(-1);
        }),
      );
    },
  );

  it('begin with each other only when they are the same', () => {
    fc.assert(
      fc.property(text, text, decimal, decimal, (a, b, c, d) => {
        for (const [type, left, right] of [
          ['string', a, b],
          ['decimal', c, d],
        ] as const) {
          const [x, y] = [storedKey(type, left), storedKey(type, right)];
          expect(x.startsWith(y)).toBe(x === y);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('take a value by what it is and not by how it is written', () => {
    expect(storedKey('number', -0)).toBe(storedKey('number', 0));
    expect(storedKey('decimal', '1.0')).toBe(storedKey('decimal', '001.000'));
    expect(storedKey('decimal', '-0.00')).toBe(storedKey('decimal', '0'));
    expect(storedKey('decimal', { _type: 'decimal', _typed: '1.5' })).toBe(storedKey('decimal', '1.50'));
    expect(storedKey('bigint', 12)).toBe(storedKey('bigint', '0012'));
    expect(storedKey('date', '2020-01-01T01:00+01:00')).toBe(storedKey('date', '2020-01-01'));
    expect(storedKey('date', '2020-01-01T00:00')).toBe(storedKey('date', '2020-01-01T00:00:00.000Z'));
    expect(storedKey('date', { _type: 'datetime', _typed: '2020-01-01' })).toBe(
      storedKey('date', '2020-01-01'),
    );
  });

  it.each<[IndexedType, JsonValue, string, IndexedValue]>([
    ['string', '', '0\0', ''],
    ['string', 'ab', '0ab\0', 'ab'],
    ['string', 'é\0\x01!', '0\xc3\xa9\x01\x01\x01\x02!\0', 'é\0\x01!'],
    ['string', null, '1\0', null],
    ['string', 1, '2\0', null],
    ['number', 0, '0V\0', 0],
    ['number', 1, '0jz\0', 1],
    ['number', -1, '0F-zzzzzzzzw\0', -1],
    ['number', -2.5, '0Ezjzzzzzzzw\0', -2.5],
    ['number', 0.1, '0jvaOaOaOaOc\0', 0.1],
    ['number', 1e21, '0l3gPtCQXvp\0', 1e21],
    ['number', 5e-324, '0V---------3\0', 5e-324],
    ['number', -5e-324, '0Uzzzzzzzzzs\0', -5e-324],
    ['number', 2 ** 32 + 1, '0kU-----F\0', 2 ** 32 + 1],
    ['number', Number.MAX_VALUE, '0zyzzzzzzzzw\0', Number.MAX_VALUE],
    ['boolean', false, '00\0', false],
    ['boolean', true, '01\0', true],
    ['date', '2020-01-01', '0kbQptau\0', Date.UTC(2020)],
    ['date', '1969-12-31T23:59:59.999Z', '0F-zzzzzzzzw\0', -1],
    ['bigint', '0', '00\0', 0n],
    ['bigint', '-12', '0-Ezzzzzzzzzw!87~\0', -12n],
    [
      'bigint',
      '123456789012345678901234567890',
      '01k2s!12345678901234567890123456789\0',
      123456789012345678901234567890n,
    ],
    ['decimal', '-0.00', '00\0', '0'],
    ['decimal', '12.50', '01k!125\0', '12.5'],
    ['decimal', '1.5', '01jz!15\0', '1.5'],
    ['decimal', '12', '01k!12\0', '12'],
    ['decimal', '100', '01k-V!1\0', '100'],
    ['decimal', '0.5', '01V!5\0', '0.5'],
    ['decimal', '0.00125', '01Ezzzzzzzzzw!125\0', '0.00125'],
    ['decimal', '-0.1', '0-V!8~\0', '-0.1'],
    ['bytes', '', '0\0', new Uint8Array()],
    ['bytes', 'AP8Q', '000ff10\0', new Uint8Array([0, 255, 16])],
  ])('are what folders hold that older versions wrote: %s %j', (type, stored, expected, read) => {
    expect(valueOfKey(type, expected)).toStrictEqual(read);
    expect(storedKey(type, stored)).toBe(expected);
    if (read !== null) expect(valueKey(type, read)).toBe(expected);
  });

  it('are read back as what they are of, however long a number is, on both sides of zero', () => {
    const numbers = Array.from({ length: 300 }, (_, zeros) => [
      `12${'0'.repeat(zeros)}`,
      `1${'0'.repeat(zeros)}2.5`,
      `0.${'0'.repeat(zeros)}12`,
    ]).flat();
    for (const number of [...numbers, ...numbers.map((each) => `-${each}`)]) {
      expect(valueOfKey('decimal', storedKey('decimal', number))).toBe(number);
    }
  });

  it('are told apart in an entry', () => {
    const entry = `z:${storedKey('string', 'é\0')}${storedKey('number', 1)}${slugKey('a/é')}`;
    const parts = ['0\xc3\xa9\x01\x01\0', '0jz\0'];
    expect(piecesOf(entry, 2)).toStrictEqual({ values: `z:${parts.join('')}`, parts, slug: 'a/é' });
    expect([0, 1, 2].map((count) => slugStart(entry, count))).toEqual([0, 8, 12]);
    expect(slugOfEntry(entry, slugStart(entry, 2))).toBe('a/é');
  });

  it('lie between what the entries of an index begin with and what is behind them', () => {
    expect([1, 35, 36].map(indexKey)).toEqual(['1:', 'z:', '10:']);
    expect([1, 35, 36].map(behindIndexKey)).toEqual(['1;', 'z;', '10;']);
    expect(slugKey('a/b~é')).toBe('a~1b~0\xc3\xa9/');
  });

  it('know what is no value of the type', () => {
    const garbage = storedKey('string', 1);
    for (const [type, stored] of [
      ['string', ['a']],
      ['number', '1'],
      ['boolean', 0],
      ['date', 'yesterday'],
      ['date', '2020-13-45'],
      ['bigint', 1.5],
      ['bigint', '1e3'],
      ['decimal', 1.5],
      ['bytes', 'no base64'],
    ] as const) {
      expect([type, stored, storedKey(type, stored)]).toEqual([type, stored, garbage]);
    }
    expect(valueKey('number', 'a')).toBeUndefined();
    expect(valueKey('number', NaN)).toBeUndefined();
    expect(valueKey('decimal', 'a')).toBeUndefined();
  });

  it('have bounds beyond all numbers', () => {
    fc.assert(
      fc.property(number, (value) => {
        expect(byText(valueKey('number', -Infinity)!, storedKey('number', value))).toBe(-1);
        expect(byText(storedKey('number', value), valueKey('number', Infinity)!)).toBe(-1);
      }),
    );
  });

  it('make entries that are in the order of their values and then of their slugs, and tell them', () => {
    const slug = text.filter((drawn) => drawn !== '');
    const store = (drawn: string): string => `${drawn.replaceAll('~', '~0').replaceAll('/', '~1')}/`;
    fc.assert(
      fc.property(text, number, slug, text, number, slug, (a, b, c, d, e, f) => {
        const left = `1:${storedKey('string', a)}${storedKey('number', b)}${slugKey(c)}`;
        const right = `1:${storedKey('string', d)}${storedKey('number', e)}${slugKey(f)}`;
        const order = byCodePoints(a, d) || b - e || byCodePoints(store(c), store(f));
        expect(sign(byText(left, right))).toBe(sign(order));
        expect(slugOfEntry(left, slugStart(left, 2))).toBe(c);
        expect(piecesOf(left, 2)).toMatchObject({
          slug: c,
          parts: [storedKey('string', a), storedKey('number', b)],
        });
      }),
      { numRuns: 1000 },
    );
  });
});
