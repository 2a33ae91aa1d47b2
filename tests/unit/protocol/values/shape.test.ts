import fc from 'fast-check';
import { isDustError } from '../../../../src/errors.js';
import { jsonCodec, messagePackCodec } from '../../../../src/protocol/wire/frame-codec.js';
import { checkJsonText, parseJson } from '../../../../src/protocol/values/json-text.js';
import { toJson } from '../../../../src/protocol/values/json.js';
import { checkClaims } from '../../../../src/protocol/wire/message-pack-claims.js';
import { packMessage, unpackMessage } from '../../../../src/protocol/wire/message-pack.js';
import type { Shape } from '../../../../src/protocol/values/shape.js';
import {
  ANSWER_SHAPE,
  REQUEST_SHAPE,
  ShapeExceeded,
  VALUE_SHAPE,
} from '../../../../src/protocol/values/shape.js';
import { json } from '../arbitraries.js';

/** Counted the plain way, by walking what was decoded. */
function shapeOf(value: unknown): Shape {
  if (typeof value !== 'object' || value === null) return { depth: 0, containers: 0 };
  const inside = Object.values(value).map(shapeOf);
  return {
    depth: 1 + Math.max(0, ...inside.map(({ depth }) => depth)),
    containers: 1 + inside.reduce((sum, { containers }) => sum + containers, 0),
  };
}

function passes(check: () => void): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof ShapeExceeded) return false;
    throw error;
  }
}

const limits = fc.record({
  depth: fc.integer({ min: 1, max: 6 }),
  containers: fc.integer({ min: 1, max: 12 }),
});

/** Texts whose characters mean something else inside of a string. */
const tricky = fc.string({
  unit: fc.constantFrom('"', '\\', '[', ']', '{', '}', ',', 'a', '\u2028'),
  maxLength: 12,
});
const values = fc.oneof(
  json,
  fc.array(fc.oneof(json, tricky), { maxLength: 5 }),
  fc.dictionary(tricky, json),
);

function fits(value: unknown, limit: Shape): boolean {
  const { depth, containers } = shapeOf(value);
  return depth <= limit.depth && containers <= limit.containers;
}

describe('what a message may hold', () => {
  it('is counted in JSON as by walking it', () => {
    fc.assert(
      fc.property(values, limits, fc.boolean(), (value, limit, isSpaced) => {
        const text = JSON.stringify(value, null, isSpaced ? 1 : 0);
        expect(passes(() => checkJsonText(text, limit))).toBe(fits(value, limit));
      }),
      { numRuns: 2000 },
    );
  });

  it('is counted in MessagePack as by walking it', () => {
    fc.assert(
      fc.property(values, limits, (value, limit) => {
        const message = Buffer.from(packMessage(value));
        expect(passes(() => checkClaims(message, limit))).toBe(fits(value, limit));
        expect(passes(() => unpackMessage(message, limit))).toBe(fits(value, limit));
      }),
      { numRuns: 2000 },
    );
  });

  it('is no reason to pass what is no JSON', () => {
    fc.assert(
      fc.property(tricky, limits, (text, limit) => {
        const naive = ((): unknown => {
          try {
            return JSON.parse(text);
          } catch {
            return undefined;
          }
        })();
        let read: unknown;
        try {
          read = parseJson(text, limit);
        } catch (error) {
          expect(error instanceof SyntaxError || error instanceof ShapeExceeded).toBe(true);
        }
        expect(read).toEqual(naive !== undefined && fits(naive, limit) ? naive : undefined);
      }),
      { numRuns: 2000 },
    );
  });
});

const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
const row = (containers: number): unknown => Array.from({ length: containers - 1 }, () => ({}));

describe.each([
  ['JSON', jsonCodec],
  ['MessagePack', messagePackCodec],
])('a frame in %s', (_name, codec) => {
  const framed = (payload: unknown) => codec.encode([null, null, 't', 'e', payload]);
  const refusal = (data: string | Uint8Array): unknown => {
    try {
      codec.decode(data, REQUEST_SHAPE);
      return undefined;
    } catch (error) {
      return isDustError(error, 'network') ? error.detail : error;
    }
  };

  it('is as deep as it may be, and no deeper', () => {
    expect(refusal(framed(nested(REQUEST_SHAPE.depth - 1)))).toBeUndefined();
    expect(refusal(framed(nested(REQUEST_SHAPE.depth)))).toBe('too_complex');
  });

  it('holds as many lists and objects as it may, and no more', () => {
    expect(refusal(framed(row(REQUEST_SHAPE.containers - 1)))).toBeUndefined();
    expect(refusal(framed(row(REQUEST_SHAPE.containers)))).toBe('too_complex');
  });

  it('of a server may be deeper', () => {
    const deep = (depth: number): string | Uint8Array =>
      codec === jsonCodec
        ? `[null,null,"t","e",${'['.repeat(depth)}${']'.repeat(depth)}]`
        : Buffer.from([
            0x95,
            0xc0,
            0xc0,
            0xa1,
            0x74,
            0xa1,
            0x65,
            ...Array.from({ length: depth - 1 }, () => 0x91),
            0x90,
          ]);
    expect(codec.decode(deep(ANSWER_SHAPE.depth - 1))).toHaveLength(5);
    expect(() => codec.decode(deep(ANSWER_SHAPE.depth))).toThrow('nested deeper');
  });
});

const MEBIBYTES_8 = 8 * 1024 * 1024;

describe('8 MiB of lists and objects', () => {
  const frames: [string, string | Uint8Array][] = [
    ['lists in one another, JSON', '['.repeat(MEBIBYTES_8)],
    ['objects in one another, JSON', '{"":'.repeat(MEBIBYTES_8 / 4)],
    ['a row of lists, JSON', `[${'[],'.repeat(MEBIBYTES_8 / 3)}0]`],
    ['a row of objects, JSON', `[${'{},'.repeat(MEBIBYTES_8 / 3)}0]`],
    ['lists in one another, MessagePack', Buffer.alloc(MEBIBYTES_8, 0x91)],
    ['maps in one another, MessagePack', Buffer.alloc(MEBIBYTES_8, Buffer.from([0x81, 0xa0]))],
    [
      'a row of lists, MessagePack',
      Buffer.concat([Buffer.from([0xdd, 0, 0x7f, 0, 0]), Buffer.alloc(0x7f0000, 0x90)]),
    ],
    [
      'a row of maps, MessagePack',
      Buffer.concat([Buffer.from([0xdd, 0, 0x7f, 0, 0]), Buffer.alloc(0x7f0000, 0x80)]),
    ],
  ];

  it.each(frames)('are not made: %s', (_name, frame) => {
    const codec = typeof frame === 'string' ? jsonCodec : messagePackCodec;
    const before = process.memoryUsage().heapUsed;
    expect(() => codec.decode(frame, REQUEST_SHAPE)).toThrow(/nested deeper|more than \d+ lists/);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(30_000_000);
  });
});

describe('a value', () => {
  it('holds as many lists and objects as it may, and no more', () => {
    expect(toJson(row(VALUE_SHAPE.containers))).toHaveProperty('value');
    expect(toJson(row(VALUE_SHAPE.containers + 1))).toHaveProperty(
      'fault.reason',
      'a value that holds more than 200000 lists and objects',
    );
  });

  it('fits into a message to a server and into an answer', () => {
    expect(VALUE_SHAPE.depth).toBeLessThan(REQUEST_SHAPE.depth);
    expect(REQUEST_SHAPE.depth).toBeLessThan(ANSWER_SHAPE.depth);
    expect(VALUE_SHAPE.containers).toBeLessThan(REQUEST_SHAPE.containers);
    expect(REQUEST_SHAPE.containers).toBeLessThan(ANSWER_SHAPE.containers);
  });
});
