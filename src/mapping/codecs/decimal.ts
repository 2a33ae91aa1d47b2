import type { Codec } from './codec.js';
import { CodecFault } from './codec.js';
import { describe } from './describe.js';
import { bareValue } from './typed-envelope.js';

const DECIMAL = /^-?\d+(?:\.\d+)?$/;

/**
 * Decimal numbers of any length as strings, on both sides: `'12.50'` stays `'12.50'`. A number is refused, because it
 * has lost its decimals before it gets here. The `decimal` envelope is never written (PROTOCOL §5.11).
 */
export const decimalCodec: Codec = {
  encode: check,
  decode: (stored) => check(bareValue(stored, 'decimal')),
};

function check(value: unknown): string {
  if (typeof value === 'string' && DECIMAL.test(value)) return value;
  throw new CodecFault("a decimal number as a string, such as '12.50'", describe(value));
}
