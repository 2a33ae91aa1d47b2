import type { ByteText } from './byte-text.js';
import { numberDigits, numberOfDigits } from './number-keys.js';

const NEGATIVE = '-';
const ZERO = '0';
const POSITIVE = '1';
/** Behind the exponent: lower than every digit of it. */
const EXPONENT_END = '!';
/** Behind the digits of a negative number: higher than every digit, because more digits make it lower. */
const NEGATIVE_END = '~';

const COMPLEMENTS = '9876543210';

/**
 * A decimal number of any length, such as `-12.50`, in a text whose order is that of the values; `1.0` and `1.00` are one.
 * The number is read as sign × 0.digits × 10^exponent. It needs something lower than a digit behind it.
 */
export function decimalText(decimal: string): ByteText {
  const isNegative = decimal.startsWith('-');
  const whole = isNegative ? decimal.slice(1) : decimal;
  const point = whole.indexOf('.');
  const digits = point === -1 ? whole : whole.slice(0, point) + whole.slice(point + 1);
  let start = 0;
  let end = digits.length;
  while (start < end && digits.charCodeAt(start) === 48) start++;
  while (end > start && digits.charCodeAt(end - 1) === 48) end--;
  if (start === end) return ZERO;
  const exponent = (point === -1 ? digits.length : point) - start;
  const significant = digits.slice(start, end);
  return isNegative
    ? `${NEGATIVE}${numberDigits(-exponent)}${EXPONENT_END}${complement(significant)}${NEGATIVE_END}`
    : `${POSITIVE}${numberDigits(exponent)}${EXPONENT_END}${significant}`;
}

/** The number of such a text, in its shortest form. */
export function decimalOfText(text: ByteText): string {
  const sign = text.charAt(0);
  if (sign === ZERO) return '0';
  const behind = text.indexOf(EXPONENT_END);
  const exponent = numberOfDigits(text.slice(1, behind));
  if (sign === POSITIVE) return withPoint(text.slice(behind + 1), exponent);
  return `-${withPoint(complement(text.slice(behind + 1, -NEGATIVE_END.length)), -exponent)}`;
}

function withPoint(digits: string, exponent: number): string {
  if (exponent <= 0) return `0.${'0'.repeat(-exponent)}${digits}`;
  if (exponent >= digits.length) return digits + '0'.repeat(exponent - digits.length);
  return `${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
}

function complement(digits: string): string {
  let text = '';
  for (let i = 0; i < digits.length; i++) text += COMPLEMENTS.charAt(digits.charCodeAt(i) - 48);
  return text;
}
