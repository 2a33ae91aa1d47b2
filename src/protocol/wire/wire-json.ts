import { replaceLongIntegers } from '../values/long-integers.js';

/**
 * The JSON text of a value, as `JSON.stringify` writes it, but for whole numbers that JavaScript does not hold exactly: these
 * are floats, and are written so (`9e20` as `9.0e20`). Written as integers they are kept as such, and one beyond 64 bits
 * breaks every MessagePack catch-up of its store (PROTOCOL §8).
 */
export function toWireJson(value: unknown): string {
  return replaceLongIntegers(JSON.stringify(value), asFloat);
}

function asFloat(digits: string): string {
  const number = Number(digits);
  if (Number.isSafeInteger(number)) return digits;
  const [mantissa = '', exponent = ''] = number.toExponential().split('e+');
  return `${mantissa}${mantissa.includes('.') ? '' : '.0'}e${exponent}`;
}
