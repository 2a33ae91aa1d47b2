import type { DecoderOptions } from '@msgpack/msgpack';
import { Decoder, Encoder } from '@msgpack/msgpack';
import { checkClaims } from './message-pack-claims.js';
import type { Shape } from '../values/shape.js';
import { ANSWER_SHAPE } from '../values/shape.js';
import { setOwn } from '../values/value.js';

/** JSON has neither bytes nor extensions, so a message has none. */
const LIMITS = { maxBinLength: 0, maxExtLength: 0 };

/** What arrays begin with whose count may be great: the decoder makes room for as many members as they claim to have. */
const [ARRAY_16, ARRAY_32] = [0xdc, 0xdd];

const PROTO = Buffer.from('__proto__');
const UTF_8 = new TextDecoder();

/** The package's decoder refuses `__proto__`, so such keys pass it with one more mark in front, however many they have. */
const MARK = '~';
const IS_PROTO = /^~*__proto__$/;
const IS_MARKED = /^~+__proto__$/;

const markingKeys: NonNullable<DecoderOptions['keyDecoder']> = {
  canBeCached: () => true,
  decode(bytes, offset, length) {
    const key = UTF_8.decode(bytes.subarray(offset, offset + length));
    return IS_PROTO.test(key) ? MARK + key : key;
  },
};

const encoder = new Encoder({ maxDepth: ANSWER_SHAPE.depth, ignoreUndefined: true });
const decoder = new Decoder(LIMITS);
const markingDecoder = new Decoder({ ...LIMITS, keyDecoder: markingKeys });

/** JSON data as MessagePack. Integers that JavaScript does not hold exactly travel as the floats they are. */
export function packMessage(data: unknown): Uint8Array {
  return encoder.encode(data);
}

/**
 * The JSON data in `bytes`; `__proto__` is a key like any other. Throws for what is not MessagePack, and takes no more
 * memory for it than what is.
 *
 * @throws ShapeExceeded for what holds more than it may
 */
export function unpackMessage(bytes: Uint8Array, shape: Shape = ANSWER_SHAPE): unknown {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (mayExceed(view, shape)) checkClaims(view, shape);
  return view.includes(PROTO) ? unmark(markingDecoder.decode(view)) : decoder.decode(view);
}

/** A short message without long arrays can neither claim much nor be deep: each of its containers takes a byte. */
function mayExceed(message: Buffer, { depth, containers }: Shape): boolean {
  if (message.length > Math.min(depth, containers)) return true;
  return message.includes(ARRAY_16) || message.includes(ARRAY_32);
}

function unmark(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(unmark);
  if (typeof data !== 'object' || data === null) return data;
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(data)) {
    setOwn(result, IS_MARKED.test(key) ? key.slice(MARK.length) : key, unmark(value));
  }
  return result;
}
