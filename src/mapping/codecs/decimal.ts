import { isDecimalText, storedDecimal } from '../../protocol/values/stored-values.js';
import type { Codec } from './codec.js';
import { CodecFault } from './codec.js';
import { describe } from './describe.js';

/**
 * Decimal numbers of any length as strings, on both sides: `'12.50'` stays `'12.50'`. A number is refused, because it
 * has lost its decimals before it gets here. The `decimal` envelope is never written (PROTOCOL §5.11).
 */
export const decimalCodec: Codec = {
  encode(value) {
    if (!isDecimalText(value)) throw fault(value);
    return value;
  },
  decode(stored) {
    const text = storedDecimal(stored);
    if (text === undefined) throw fault(stored);
    return text;
  },
};

function fault(found: unknown): CodecFault {
  return new CodecFault("a decimal number as a string, such as '12.50'", describe(found));
}
