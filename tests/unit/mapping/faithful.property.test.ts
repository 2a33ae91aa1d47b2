import fc from 'fast-check';
import { jsonCodec } from '../../../src/mapping/codecs/json.js';
import { faithful } from '../../../src/mapping/codecs/faithful.js';
import type { JsonValue } from '../../../src/protocol/values/value.js';
import { assemble, flatten, isEnvelope, isObject } from '../../../src/protocol/values/value.js';

const codec = faithful(jsonCodec);

const key = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }) },
  fc.constantFrom('_type', '_typed', '__proto__', 'constructor', 'toString', 'a/b', '~', 'a'),
);

const leaf = fc.oneof(
  fc.constantFrom('file', 'lease', 'json', 'decimal', 'datetime'),
  fc.string({ unit: 'grapheme' }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
  fc.boolean(),
  fc.constant(null),
);

const json = fc.letrec<{ value: JsonValue; object: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    tie('object'),
    fc.array(tie('value'), { maxLength: 3 }),
  ),
  object: fc
    .array(fc.tuple(key, tie('value')), { maxLength: 4 })
    .map((entries) => Object.fromEntries(entries) as JsonValue),
}));

/** What a store hands out after `value` was set at a path of it. */
function throughStore(value: JsonValue): JsonValue | undefined {
  return assemble('records/one/meta', flatten('records/one/meta', value));
}

describe('the faithful form of JSON', () => {
  it('survives a store that flattens objects, drops empty ones and keeps envelopes whole', () => {
    fc.assert(
      fc.property(json.value, (value) => {
        const stored = throughStore(codec.encode(value));
        expect(stored).toBeDefined();
        expect(codec.decode(stored!)).toEqual(value);
        expect(JSON.stringify(sorted(codec.decode(stored!)))).toBe(JSON.stringify(sorted(value)));
      }),
      { numRuns: 2000 },
    );
  });

  it('is the value itself wherever that survives', () => {
    fc.assert(
      fc.property(json.value, (value) => {
        const encoded = codec.encode(value);
        if (encoded !== value && isObject(encoded) && isEnvelope(encoded)) {
          expect(encoded).toEqual({ _type: 'json', _typed: value });
        } else {
          expect(encoded).toEqual(value);
        }
      }),
    );
  });

  it.each<[string, JsonValue]>([
    ['an empty object', {}],
    ['an object with an empty one in it', { a: { b: {} } }],
    ['what looks like a file', { _type: 'file', hash: 'x' }],
    ['what looks like its own envelope', { _type: 'json', _typed: { a: 1 } }],
    ['a decimal envelope in it, which no client may write', { price: { _type: 'decimal', _typed: 'x' } }],
  ])('is an envelope for %s', (_, value) => {
    expect(codec.encode(value)).toEqual({ _type: 'json', _typed: value });
  });

  it.each<[string, JsonValue]>([
    ['an object', { a: { b: 1 } }],
    ['empty objects inside arrays', { a: [{}, { _type: 'file' }] }],
    ['an array', [{}]],
    ['a type without a value', { _type: 'custom' }],
    ['a scalar', 'x'],
  ])('is the value itself for %s', (_, value) => {
    expect(codec.encode(value)).toEqual(value);
  });
});

/** The value with its keys in one order, as pairs, so that `__proto__` shows. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, item]) => [name, sorted(item)]);
}
