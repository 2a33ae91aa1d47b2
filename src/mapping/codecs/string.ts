import type { Codec } from './codec.js';
import { CodecFault } from './codec.js';
import { describe } from './describe.js';

/** Well-formed strings. Half a surrogate pair has no UTF-8 form and would not come back. */
export const stringCodec: Codec = { encode: check, decode: check };

function check(value: unknown): string {
  if (typeof value !== 'string') throw new CodecFault('a string', describe(value));
  if (!value.isWellFormed()) throw new CodecFault('a well-formed string', 'one with half a surrogate pair');
  return value;
}
