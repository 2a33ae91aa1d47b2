import fc from 'fast-check';
import { cloneJson, jsonEquals, toJson } from '../../../../src/protocol/values/json.js';
import type { JsonValue } from '../../../../src/protocol/values/value.js';
import { json } from '../arbitraries.js';

class Money {
  amount = 1;
}

const cycle: Record<string, unknown> = {};
cycle.self = { again: cycle };

const holes: unknown[] = [1];
holes[2] = 3;

function isDeeplyFrozen(value: unknown): boolean {
  return (
    typeof value !== 'object' ||
    value === null ||
    (Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen))
  );
}

describe('toJson', () => {
  it('copies JSON, deeply frozen, and leaves the original alone', () => {
    fc.assert(
      fc.property(json, (value) => {
        const before = JSON.stringify(value);
        const result = toJson(value);
        expect(result).toEqual({ value });
        expect('value' in result && isDeeplyFrozen(result.value)).toBe(true);
        expect(JSON.stringify(value)).toBe(before);
        if (typeof value === 'object' && value !== null) expect(Object.isFrozen(value)).toBe(false);
      }),
    );
  });

  it.each<[string, unknown, string, string]>([
    ['undefined', undefined, 'undefined', ''],
    ['a function', { f: () => 1 }, 'a function', '.f'],
    ['a symbol', [Symbol('s')], 'a symbol', '[0]'],
    ['a bigint', { n: 1n }, 'a bigint', '.n'],
    ['NaN', { a: [1, NaN] }, 'NaN', '.a[1]'],
    ['Infinity', Infinity, 'Infinity', ''],
    ['-Infinity', -Infinity, '-Infinity', ''],
    ['a cycle', cycle, 'a cycle', '.self.again'],
    ['a class instance', { m: new Money() }, 'an instance of Money', '.m'],
    ['a Date', new Date(0), 'an instance of Date', ''],
    ['a Map', { deep: [new Map()] }, 'an instance of Map', '.deep[0]'],
    ['a nameless class', new (class {})(), 'an instance of a class', ''],
    [
      'an object of a bare prototype',
      Object.create(Object.create(Object.create(null) as object) as object),
      'an instance of a class',
      '',
    ],
    ['an array hole', { list: holes }, 'undefined', '.list[1]'],
    ['an undefined array item', [undefined], 'undefined', '[0]'],
    ['a malformed string', { s: '\ud800' }, 'a string with half a surrogate pair', '.s'],
    ['a malformed key', { a: { '\udfff': 1 } }, 'an object key with half a surrogate pair', '.a'],
    ['an empty key', { a: { '': 1 } }, 'an empty object key', '.a'],
  ])('refuses %s and says where', (_, input, reason, at) => {
    expect(toJson(input)).toEqual({ fault: { reason, at } });
  });

  it('leaves out undefined properties and the sign of zero', () => {
    const result = toJson({ a: undefined, b: -0 });
    expect(result).toEqual({ value: { b: 0 } });
    expect('value' in result && Object.is((result.value as { b: number }).b, 0)).toBe(true);
  });

  it('takes the same object twice, when it is not inside itself', () => {
    const shared = { a: 1 };
    expect(toJson([shared, shared])).toEqual({ value: [{ a: 1 }, { a: 1 }] });
  });

  it('takes objects without a prototype', () => {
    const bare = Object.assign(Object.create(null) as object, { a: 1 });
    expect(toJson(bare)).toEqual({ value: { a: 1 } });
  });

  it('copies keys named like members of objects as data', () => {
    const result = toJson(JSON.parse('{"__proto__":{"polluted":1},"constructor":2}'));
    expect(JSON.stringify(result)).toBe('{"value":{"__proto__":{"polluted":1},"constructor":2}}');
    expect({}).not.toHaveProperty('polluted');
  });

  it('tells where a getter throws', () => {
    const trap = {
      get broken(): never {
        throw new RangeError('trap');
      },
    };
    const reason = 'an object that cannot be read (trap)';
    expect(toJson({ list: [1, trap] })).toEqual({ fault: { reason, at: '.list[1]' } });
  });
});

describe('jsonEquals', () => {
  /** Equality by a canonical text, with object keys sorted. */
  const canonical = (value: JsonValue): string =>
    JSON.stringify(value, (_, item: unknown) =>
      typeof item === 'object' && item !== null && !Array.isArray(item)
        ? Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))
        : item,
    );

  it('agrees with the canonical text', () => {
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(jsonEquals(a, b)).toBe(canonical(a) === canonical(b) && Array.isArray(a) === Array.isArray(b));
      }),
      { numRuns: 1000 },
    );
  });

  it('holds for copies, and not after a change', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(jsonEquals(value, cloneJson(value) as JsonValue)).toBe(true);
        expect(jsonEquals([value, 1], [value, 2])).toBe(false);
        expect(jsonEquals([value], [value, null])).toBe(false);
        expect(jsonEquals({ key: value }, { other: value })).toBe(false);
      }),
    );
  });

  it('does not take inherited members for own ones', () => {
    expect(jsonEquals({ constructor: 1 }, { other: 1 })).toBe(false);
    expect(jsonEquals(JSON.parse('{"__proto__":1}') as JsonValue, { other: 1 })).toBe(false);
    expect(
      jsonEquals(JSON.parse('{"__proto__":1}') as JsonValue, JSON.parse('{"__proto__":1}') as JsonValue),
    ).toBe(true);
  });

  it('ignores the order of keys, and tells arrays from objects', () => {
    expect(jsonEquals({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
    expect(jsonEquals([], {})).toBe(false);
    expect(jsonEquals(['a'], { 0: 'a' })).toBe(false);
    expect(jsonEquals(undefined, null)).toBe(false);
    expect(jsonEquals(undefined, undefined)).toBe(true);
  });
});

describe('cloneJson', () => {
  it('copies to the bottom', () => {
    const stored = Object.freeze({ list: Object.freeze([Object.freeze({ a: 1 })]) });
    const copy = cloneJson(stored) as { list: { a: number }[] };
    copy.list[0]!.a = 2;
    copy.list.push({ a: 3 });
    expect(stored).toEqual({ list: [{ a: 1 }] });
  });

  it('keeps keys named like members of objects', () => {
    const copy = cloneJson(JSON.parse('{"__proto__":{"polluted":1}}') as JsonValue);
    expect(JSON.stringify(copy)).toBe('{"__proto__":{"polluted":1}}');
    expect({}).not.toHaveProperty('polluted');
  });
});
