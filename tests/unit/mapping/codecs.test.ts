import type { FieldMetadata } from '../../../src/metadata/types.js';
import { CodecFault } from '../../../src/mapping/codecs/codec.js';
import { systemClock } from '../../../src/clock.js';
import { WriteMoment } from '../../../src/mapping/moment.js';
import { FieldCompiler } from '../../../src/mapping/compile-field.js';
import type { JsonValue } from '../../../src/protocol/values/value.js';

function compile(overrides: Partial<FieldMetadata>) {
  const moment = new WriteMoment(systemClock);
  return new FieldCompiler({ nullsOnRead: false }, { moment }).entityField({
    propertyName: 'field',
    wireName: 'field',
    wireSegment: 'field',
    role: 'plain',
    type: 'string',
    array: false,
    required: false,
    nullable: true,
    select: true,
    coerce: false,
    default: undefined,
    transformers: [],
    enumValues: undefined,
    nestedClass: undefined,
    ...overrides,
  });
}

function faultOf(run: () => unknown): CodecFault {
  try {
    run();
  } catch (error) {
    if (error instanceof CodecFault) return error;
    throw error;
  }
  throw new Error('The value was accepted.');
}

const uploadedAt = new Date('2026-01-02T03:04:05.678Z');
const file = { hash: 'sha256:00', size: 3, filename: 'a.txt', contentType: 'text/plain', uploadedAt };
const enumValues = ['low', 5] as const;
const TEN = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

describe('codecs', () => {
  it.each<[string, Partial<FieldMetadata>, unknown, JsonValue]>([
    ['a string', { type: 'string' }, 'Grüße 👋', 'Grüße 👋'],
    ['an empty string', { type: 'string' }, '', ''],
    ['an integer', { type: 'integer' }, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    ['a float', { type: 'float' }, -1.5e300, -1.5e300],
    ['a boolean', { type: 'boolean' }, false, false],
    ['a date', { type: 'date' }, new Date(0), '1970-01-01T00:00:00.000Z'],
    ['a date long ago', { type: 'date' }, new Date(-62198755200001), '-000002-12-31T23:59:59.999Z'],
    ['a bigint', { type: 'bigint' }, -123456789012345678901234567890n, '-123456789012345678901234567890'],
    ['a decimal', { type: 'decimal' }, '-0012.500', '-0012.500'],
    ['bytes', { type: 'bytes' }, new Uint8Array([0, 255, 7]), 'AP8H'],
    ['no bytes', { type: 'bytes' }, new Uint8Array(), ''],
    ['json', { type: 'json' }, { a: [1, { b: null }], c: 'x' }, { a: [1, { b: null }], c: 'x' }],
    ['a string of an enum', { type: 'enum', enumValues }, 'low', 'low'],
    ['a number of an enum', { type: 'enum', enumValues }, 5, 5],
    [
      'a file',
      { type: 'file' },
      file,
      {
        _type: 'file',
        hash: 'sha256:00',
        size: 3,
        filename: 'a.txt',
        content_type: 'text/plain',
        uploaded_at: '2026-01-02T03:04:05.678Z',
      },
    ],
    ['a list of dates', { type: 'date', array: true }, [new Date(0)], ['1970-01-01T00:00:00.000Z']],
    ['an empty list', { type: 'string', array: true }, [], []],
    [
      'a list of json',
      { type: 'json', array: true },
      [{}, { _type: 'file' }, null],
      [{}, { _type: 'file' }, null],
    ],
    ['null', { type: 'date' }, null, null],
  ])('carry %s to the store and back', (_, field, value, stored) => {
    const compiled = compile(field);
    expect(compiled.encode(value)).toEqual(stored);
    expect(compiled.decode(stored)).toEqual(value);
  });

  it.each<[string, Partial<FieldMetadata>, unknown, string, string]>([
    ['a number for a string', { type: 'string' }, 5, 'a string', 'the number 5'],
    [
      'half a surrogate pair',
      { type: 'string' },
      '\ud800',
      'a well-formed string',
      'one with half a surrogate pair',
    ],
    [
      'an inexact integer',
      { type: 'integer' },
      2 ** 53,
      'an integer between ±(2^53 - 1)',
      'the number 9007199254740992',
    ],
    [
      'a fraction for an integer',
      { type: 'integer' },
      1.5,
      'an integer between ±(2^53 - 1)',
      'the number 1.5',
    ],
    ['NaN', { type: 'float' }, NaN, 'a finite number', 'NaN'],
    ['Infinity', { type: 'float' }, -Infinity, 'a finite number', '-Infinity'],
    ['a string for a boolean', { type: 'boolean' }, 'true', 'true or false', 'the string "true"'],
    ['an invalid date', { type: 'date' }, new Date(NaN), 'a valid Date', 'an invalid Date'],
    ['a string for a date', { type: 'date' }, '2026-01-01', 'a valid Date', 'the string "2026-01-01"'],
    ['a number for a bigint', { type: 'bigint' }, 5, 'a bigint', 'the number 5'],
    [
      'a number for a decimal',
      { type: 'decimal' },
      1.5,
      "a decimal number as a string, such as '12.50'",
      'the number 1.5',
    ],
    [
      'an exponent in a decimal',
      { type: 'decimal' },
      '1e5',
      "a decimal number as a string, such as '12.50'",
      'the string "1e5"',
    ],
    ['an array for bytes', { type: 'bytes' }, [1, 2], 'a Uint8Array', 'an array'],
    [
      'another value for an enum',
      { type: 'enum', enumValues },
      'high',
      'one of "low", 5',
      'the string "high"',
    ],
    [
      'an enum of as many values as are shown',
      { type: 'enum', enumValues: TEN },
      'x',
      'one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9',
      'the string "x"',
    ],
    [
      'an enum of one more',
      { type: 'enum', enumValues: [...TEN, 10] },
      'x',
      'one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, …',
      'the string "x"',
    ],
    ['an array for an enum', { type: 'enum', enumValues }, ['low'], 'one of "low", 5', 'an array'],
    ['a path for a file', { type: 'file' }, '/tmp/a.txt', 'a DustFile', 'the string "/tmp/a.txt"'],
    ['an item for a list', { type: 'string', array: true }, 'a', 'an array', 'the string "a"'],
    ['a function', { type: 'json' }, () => 1, 'a JSON value', 'a function'],
    ['a promise', { type: 'string' }, Promise.resolve('x'), 'a string', 'a Promise (is an await missing?)'],
    ['an instance', { type: 'string' }, new Map(), 'a string', 'an instance of Map'],
  ])('refuse to store %s', (_, field, value, expected, found) => {
    expect(faultOf(() => compile(field).encode(value))).toMatchObject({ expected, found, at: '' });
  });

  it.each<[string, Partial<FieldMetadata>, () => unknown, string, string]>([
    ['an item of a list', { type: 'date', array: true }, () => [new Date(0), 'x'], '[1]', 'the string "x"'],
    ['null in a list', { type: 'string', array: true }, () => [null], '[0]', 'null'],
    [
      'a hole in a list',
      { type: 'string', array: true },
      () => Array.from<string>({ length: 1 }),
      '[0]',
      'undefined',
    ],
    ['NaN deep inside', { type: 'json' }, () => ({ tags: [1, { x: NaN }] }), '.tags[1].x', 'NaN'],
    ['a symbol deep inside', { type: 'json' }, () => ({ a: Symbol('s') }), '.a', 'a symbol'],
    ['an empty key', { type: 'json' }, () => ({ a: { '': 1 } }), '.a', 'an empty object key'],
    ['a Date in json', { type: 'json' }, () => ({ at: new Date() }), '.at', 'an instance of Date'],
    ['a part of a file', { type: 'file' }, () => ({ ...file, size: 'big' }), '.size', 'the string "big"'],
    [
      'a cycle',
      { type: 'json' },
      () => {
        const node: Record<string, unknown> = {};
        node.self = { node };
        return node;
      },
      '.self.node',
      'a cycle',
    ],
  ])('say where inside the value: %s', (_, field, value, at, found) => {
    expect(faultOf(() => compile(field).encode(value()))).toMatchObject({ at, found });
  });

  it.each<[string, Partial<FieldMetadata>, JsonValue]>([
    ['a number for a string', { type: 'string' }, 5],
    ['a fraction for an integer', { type: 'integer' }, 0.5],
    ['a string for a float', { type: 'float' }, '1'],
    ['prose for a date', { type: 'date' }, 'next Monday'],
    ['a locale date', { type: 'date' }, '01/02/2026'],
    ['an impossible date', { type: 'date' }, '2026-13-01T00:00:00Z'],
    ['a number for a date', { type: 'date' }, 0],
    ['a fraction for a bigint', { type: 'bigint' }, 1.5],
    ['letters for a bigint', { type: 'bigint' }, '0x10'],
    ['a number for a decimal', { type: 'decimal' }, 1],
    ['no base64', { type: 'bytes' }, 'AP8'],
    ['a strange alphabet for bytes', { type: 'bytes' }, 'AP-_'],
    ['another value for an enum', { type: 'enum', enumValues }, 'high'],
    ['a map for a file', { type: 'file' }, { hash: 'x' }],
    ['a file without a hash', { type: 'file' }, { _type: 'file' }],
    ['a map for a list', { type: 'string', array: true }, { a: 'b' }],
  ])('refuse to read %s', (_, field, stored) => {
    expect(() => compile(field).decode(stored)).toThrow(CodecFault);
  });

  it.each([
    ['2026-01-02', '2026-01-02T00:00:00.000Z'],
    ['2026-01-02T03:04Z', '2026-01-02T03:04:00.000Z'],
    ['2026-01-02T03:04:05.123456Z', '2026-01-02T03:04:05.123Z'],
    ['2026-01-02T03:04:05+02:00', '2026-01-02T01:04:05.000Z'],
    ['2026-01-02T03:04:05', '2026-01-02T03:04:05.000Z'],
  ])('read the ISO date %s', (stored, iso) => {
    expect(compile({ type: 'date' }).decode(stored)).toEqual(new Date(iso));
  });

  it('read what another client wrote in a wider form', () => {
    expect(compile({ type: 'bigint' }).decode(12)).toBe(12n);
    expect(compile({ type: 'decimal' }).decode({ _type: 'decimal', _typed: '1.50' })).toBe('1.50');
    expect(compile({ type: 'date' }).decode({ _type: 'datetime', _typed: '2026-01-02T03:04:05Z' })).toEqual(
      new Date('2026-01-02T03:04:05Z'),
    );
  });

  it('write -0 as 0', () => {
    expect(Object.is(compile({ type: 'float' }).encode(-0), 0)).toBe(true);
    expect(Object.is(compile({ type: 'integer' }).encode(-0), 0)).toBe(true);
  });

  it('take a Buffer and a view of a longer buffer as bytes', () => {
    const { encode } = compile({ type: 'bytes' });
    expect(encode(Buffer.from('hi'))).toBe('aGk=');
    expect(encode(new Uint8Array(new Uint8Array([9, 1, 2, 9]).buffer, 1, 2))).toBe('AQI=');
  });

  it('hand out and take in copies', () => {
    const { encode, decode } = compile({ type: 'json' });
    const stored = Object.freeze({ list: Object.freeze([1]) });
    const read = decode(stored) as { list: number[] };
    read.list.push(2);
    expect(stored).toEqual({ list: [1] });

    const given = { list: [1] };
    const encoded = encode(given);
    given.list.push(2);
    expect(encoded).toEqual({ list: [1] });
  });

  it('never print a long string', () => {
    const { message } = faultOf(() => compile({ type: 'integer' }).encode('secret'.repeat(100)));
    expect(message).toBe('expected an integer between ±(2^53 - 1), found a string of 600 characters');
  });

  it('refuse null where it may not be', () => {
    expect(faultOf(() => compile({ nullable: false, required: true }).encode(null)).message).toBe(
      'expected a value (the field is required), found null',
    );
    expect(faultOf(() => compile({ nullable: false }).encode(null)).message).toMatch('not nullable');
    expect(() => compile({ nullable: false }).decode(null)).toThrow(CodecFault);
  });

  describe('behind transformers', () => {
    const trim = { to: (value: string) => value.trim(), from: (value: string) => value };
    const shout = { to: (value: string) => `${value}!`, from: (value: string) => value.slice(0, -1) };

    it('run them in order, and back in reverse', () => {
      const { encode, decode } = compile({ transformers: [trim, shout] });
      expect(encode('  hi ')).toBe('hi!');
      expect(decode('hi!')).toBe('hi');
    });

    it('show them null on both sides, and let them return it', () => {
      const named = {
        to: (value: unknown) => value ?? 'nobody',
        from: (value: unknown) => value ?? 'unknown',
      };
      expect(compile({ transformers: [named] }).encode(null)).toBe('nobody');
      expect(compile({ transformers: [named] }).decode(null)).toBe('unknown');
      expect(compile({ transformers: [named], nullable: false }).encode(null)).toBe('nobody');
      const emptyAsNull = {
        to: (value: string) => (value === '' ? null : value),
        from: (value: string) => value,
      };
      // One that throws for null has nothing to say of it.
      expect(compile({ transformers: [shout] }).decode(null)).toBeNull();
      expect(compile({ transformers: [emptyAsNull] }).encode('')).toBeNull();
      expect(() => compile({ transformers: [emptyAsNull], nullable: false }).encode('')).toThrow(CodecFault);
    });

    it('check what they return, and take undefined for null', () => {
      const broken = { to: () => 5, from: (value: unknown) => value };
      const nothing = { to: () => undefined, from: (value: unknown) => value };
      expect(faultOf(() => compile({ transformers: [broken] }).encode('x')).found).toBe('the number 5');
      expect(compile({ transformers: [nothing] }).encode('x')).toBeNull();
    });

    it('turn what they throw into a fault with that cause', () => {
      const cause = new Error('no key');
      const failing = {
        to: () => {
          throw cause;
        },
        from: () => {
          throw cause;
        },
      };
      const { encode, decode } = compile({ transformers: [failing] });
      expect(faultOf(() => encode('x'))).toMatchObject({ cause, found: 'one for which it threw (no key)' });
      expect(faultOf(() => decode('x'))).toMatchObject({ cause });
    });
  });
});
