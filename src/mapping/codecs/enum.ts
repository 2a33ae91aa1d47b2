import type { Codec } from './codec.js';
import { CodecFault } from './codec.js';
import { describe } from './describe.js';

const MOST_SHOWN = 10;

/** One of a few strings and numbers. */
export function enumCodec(values: readonly (string | number)[]): Codec {
  const permitted = new Set<unknown>(values);
  const shown = values.slice(0, MOST_SHOWN).map((value) => JSON.stringify(value));
  const expected = `one of ${shown.join(', ')}${values.length > MOST_SHOWN ? ', …' : ''}`;
  const check = (value: unknown): string | number => {
    if ((typeof value === 'string' || typeof value === 'number') && permitted.has(value)) return value;
    throw new CodecFault(expected, describe(value));
  };
  return { encode: check, decode: check };
}
