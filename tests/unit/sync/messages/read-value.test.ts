import { VALUE_SHAPE } from '../../../../src/protocol/values/shape.js';
import { readValue, WireFault } from '../../../../src/sync/messages/read-value.js';

const { depth } = VALUE_SHAPE;

/** `null` wrapped so many times. */
function nested(times: number, wrap: (inner: unknown) => unknown): unknown {
  let value: unknown = null;
  for (let i = 0; i < times; i++) value = wrap(value);
  return value;
}

describe('a value off the wire', () => {
  it.each<[string, number, (inner: unknown) => unknown]>([
    ['lists', depth, (inner) => [inner]],
    ['objects', depth, (inner) => ({ a: inner })],
    ['objects in lists', depth / 2, (inner) => [{ a: inner }]],
  ])('may be %s as deep as this package writes them, and no deeper', (_, times, wrap) => {
    expect(readValue(nested(times, wrap))).toEqual(nested(times, wrap));
    expect(() => readValue(nested(times + 1, wrap))).toThrow(WireFault);
    expect(() => readValue(nested(times + 1, wrap))).toThrow(`nested deeper than ${depth} levels`);
  });

  it.each<[string, unknown, RegExp]>([
    ['a number that is none', [Number.NaN], /number NaN/],
    ['an infinite number', { a: Infinity }, /number Infinity/],
    ['nothing', { a: undefined }, /a undefined/],
    ['an integer without a bound', 1n, /a bigint/],
    ['an instance of a class', { a: new Date(0) }, /not plain/],
    ['a key that no segment can be', { a: { '': 1 } }, /empty object key/],
    ['a key of half a character', { '\ud800': 1 }, /half a surrogate pair/],
  ])('is not %s', (_, input, message) => {
    expect(() => readValue(input)).toThrow(message);
  });

  it('keeps keys as they are where they are no segments: in lists, and in envelopes', () => {
    const inList = [{ '': 1, '\ud800': 2 }];
    const file = { _type: 'file', hash: 'x', '': 1 };
    expect(readValue(inList)).toEqual(inList);
    expect(readValue({ a: file })).toEqual({ a: file });
  });

  it('is frozen, at each level', () => {
    const value = readValue({ a: [{ b: 1 }] }) as { a: { b: number }[] };
    expect([value, value.a, value.a[0]].every(Object.isFrozen)).toBe(true);
  });

  it('is bare: decimals and moments are texts, other envelopes stay, and so does what holds none', () => {
    const decimal = { _type: 'decimal', _typed: '1.5' };
    const moment = { _type: 'datetime', _typed: '2026-01-01T00:00:00Z' };
    const file = { _type: 'file', hash: 'x' };
    expect(readValue({ a: decimal, b: { c: moment }, d: file, e: [decimal] })).toEqual({
      a: '1.5',
      b: { c: '2026-01-01T00:00:00Z' },
      d: file,
      e: [decimal],
    });
    const kept = { a: { b: 1 } };
    expect(readValue(kept)).toEqual(kept);
    expect(readValue({ _type: 'decimal' })).toEqual({ _type: 'decimal' });
  });
});
