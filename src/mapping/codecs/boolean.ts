import type { Codec } from './codec.js';
import { CodecFault } from './codec.js';
import { describe } from './describe.js';

/** True and false. */
export const booleanCodec: Codec = { encode: check, decode: check };

function check(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new CodecFault('true or false', describe(value));
}
