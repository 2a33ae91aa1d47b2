import { storedDigits } from '../../protocol/values/stored-values.js';
import type { Codec } from './codec.js';
import { CodecFault } from './codec.js';
import { describe } from './describe.js';

/** Bigints as decimal strings. Reading takes an integer too, as long as it is exact. */
export const bigintCodec: Codec = {
  encode(value) {
    if (typeof value !== 'bigint') throw new CodecFault('a bigint', describe(value));
    return value.toString();
  },
  decode(stored) {
    const digits = storedDigits(stored);
    if (digits === undefined) throw new CodecFault('an integer as a string of digits', describe(stored));
    return BigInt(digits);
  },
};
