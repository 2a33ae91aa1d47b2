import type { Codec } from './codec.js';
import { CodecFault } from './codec.js';
import { describe } from './describe.js';

const DIGITS = /^-?\d+$/;

/** Bigints as decimal strings. Reading takes an integer too, as long as it is exact. */
export const bigintCodec: Codec = {
  encode(value) {
    if (typeof value !== 'bigint') throw new CodecFault('a bigint', describe(value));
    return value.toString();
  },
  decode(stored) {
    if (typeof stored === 'string' && DIGITS.test(stored)) return BigInt(stored);
    if (typeof stored === 'number' && Number.isSafeInteger(stored)) return BigInt(stored);
    throw new CodecFault('an integer as a string of digits', describe(stored));
  },
};
