import fc from 'fast-check';
import { isDustError } from '../../../../src/errors.js';
import type { FrameCodec } from '../../../../src/protocol/wire/frame-codec.js';
import { jsonCodec, messagePackCodec } from '../../../../src/protocol/wire/frame-codec.js';
import type { Frame } from '../../../../src/protocol/wire/frames.js';
import { json } from '../arbitraries.js';

const reference = fc.option(fc.string({ maxLength: 4 }), { nil: null });
const text = fc.string({ unit: 'binary', maxLength: 20 }).filter((value) => value.isWellFormed());
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n)),
  fc.maxSafeInteger(),
  fc.constantFrom(2 ** 31, -(2 ** 31) - 1, 2 ** 32, 2 ** 53, -(2 ** 53), 2 ** 64, 9e20, 0.1, 5e-324),
);
const payload = fc.oneof(json, number, fc.array(number), fc.dictionary(text, number));
const frame: fc.Arbitrary<Frame> = fc.tuple(reference, reference, text, text, payload);

function fault(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    return error;
  }
}

describe.each<[string, FrameCodec]>([
  ['JSON', jsonCodec],
  ['MessagePack', messagePackCodec],
])('%s', (_name, codec) => {
  it('gives any frame back', () => {
    fc.assert(
      fc.property(frame, (message) => {
        expect(codec.decode(codec.encode(message))).toEqual(message);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps keys named like members of objects as data', () => {
    const data = JSON.parse(
      '{"__proto__":{"polluted":1},"~__proto__":2,"~~__proto__":[{"__proto__":null}],"constructor":3,"x":"__proto__"}',
    ) as unknown;
    const decoded = codec.decode(codec.encode([null, null, 't', '__proto__', data]))[4] as object;
    expect(Object.entries(decoded)).toEqual(Object.entries(data as object));
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
    expect((decoded as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('reads a view of a larger buffer', () => {
    const message: Frame = ['1', '2', 'store:a/b', 'write', { value: 'é\u{1f600}', __proto: 1 }];
    const bytes = Buffer.from(codec.encode(message));
    const larger = new Uint8Array(bytes.length + 7).fill(0xc1);
    larger.set(bytes, 3);
    expect(codec.decode(larger.subarray(3, 3 + bytes.length))).toEqual(message);
  });

  it('carries a value nested as deep as a store takes', () => {
    let value: unknown = 1;
    for (let i = 0; i < 500; i++) value = i % 2 === 0 ? [value] : { a: value };
    const message: Frame = ['1', '2', 't', 'write', { response: { value } }];
    expect(codec.decode(codec.encode(message))).toEqual(message);
  });

  it('leaves undefined properties out', () => {
    expect(codec.decode(codec.encode([null, null, 't', 'e', { a: undefined, b: 1 }]))[4]).toEqual({ b: 1 });
  });

  it.each<[string, unknown]>([
    ['four elements', ['1', '2', 't', 'e']],
    ['six elements', ['1', '2', 't', 'e', {}, {}]],
    ['a join_ref that is a number', [1, '2', 't', 'e', {}]],
    ['a ref that is a map', ['1', {}, 't', 'e', {}]],
    ['no topic', ['1', '2', null, 'e', {}]],
    ['no event', ['1', '2', 't', null, {}]],
    ['a map', { 0: '1', length: 5 }],
    ['a number', 5],
  ])('refuses %s', (_what, message) => {
    // Encoders take what they are given; it is the shape that is wrong.
    const error = fault(() => codec.decode(codec.encode(message as Frame)));
    expect(isDustError(error, 'network') && error.detail).toBe('protocol');
  });

  it('refuses any garbage with an error of its own', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const error = fault(() => codec.decode(bytes));
        expect(isDustError(error, 'network') && error.detail).toBe('protocol');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('MessagePack', () => {
  it('refuses text, bytes and extensions, which JSON does not know', () => {
    const head = [0x95, 0xc0, 0xc0, 0xa1, 0x74, 0xa1, 0x65];
    expect(messagePackCodec.decode(Uint8Array.from([...head, 0xc0]))).toEqual([null, null, 't', 'e', null]);
    for (const data of [
      '[null,null,"t","e",{}]',
      Uint8Array.from([...head, 0xc4, 1, 7]),
      Uint8Array.from([...head, 0xd6, 0xff, 0, 0, 0, 0]),
    ]) {
      expect(
        isDustError(
          fault(() => messagePackCodec.decode(data)),
          'network',
        ),
      ).toBe(true);
    }
  });

  it('packs integers as integers and what is no exact integer as a float', () => {
    expect(messagePackCodec.encode([null, null, 't', 'e', 7])).toEqual(
      Uint8Array.from([0x95, 0xc0, 0xc0, 0xa1, 0x74, 0xa1, 0x65, 7]),
    );
    expect(messagePackCodec.encode([null, null, 't', 'e', 2 ** 53])[7]).toBe(0xcb);
  });
});

describe('numbers that are no exact integers', () => {
  const frame: Frame = [null, null, 't', 'e', [9e20, 2 ** 64, 7]];

  it('are floats in JSON', () => {
    expect(jsonCodec.encode(frame)).toBe('[null,null,"t","e",[9.0e20,1.8446744073709552e19,7]]');
  });

  it('are floats in MessagePack', () => {
    const bytes = messagePackCodec.encode(frame) as Uint8Array;
    const FLOAT_64 = 0xcb;
    expect([...bytes].filter((byte) => byte === FLOAT_64)).toHaveLength(2);
  });
});
