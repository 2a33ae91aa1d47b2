import type { ByteText } from './byte-text.js';

/** In ascending order: six bits each. */
const DIGITS = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';
const VALUES = new Map(Array.from(DIGITS, (digit, value) => [digit, value]));
/** 64 bits take ten digits and two thirds of one. */
const LENGTH = 11;
const SIGN = 0x8000_0000;

const view = new DataView(new ArrayBuffer(8));

/**
 * A number in digits whose order is that of the numbers, -0 being 0. Without the zeros at its end, of which whole numbers and
 * times have many: it needs something lower than a digit behind it.
 */
export function numberDigits(value: number): ByteText {
  view.setFloat64(0, value === 0 ? 0 : value);
  let high = view.getUint32(0);
  let low = view.getUint32(4);
  // As integers the bits of doubles are ordered but for the sign: of negative ones, greater bits are lower numbers.
  if (high >= SIGN) {
    high = ~high >>> 0;
    low = ~low >>> 0;
  } else {
    high = (high | SIGN) >>> 0;
  }
  let digits = '';
  let left = high >>> 2;
  let right = ((high & 3) << 28) | (low >>> 4);
  for (let shift = 24; shift >= 0; shift -= 6) {
    const digit = (left >>> shift) & 63;
    digits += DIGITS[digit]!;
    left &= (1 << shift) - 1;
    if (left === 0 && right === 0 && (low & 15) === 0) return digits;
  }
  for (let shift = 24; shift >= 0; shift -= 6) {
    digits += DIGITS[(right >>> shift) & 63]!;
    right &= (1 << shift) - 1;
    if (right === 0 && (low & 15) === 0) return digits;
  }
  return digits + DIGITS[(low & 15) << 2]!;
}

/** The number of such digits. */
export function numberOfDigits(digits: ByteText): number {
  let bits = 0n;
  for (let i = 0; i < LENGTH; i++) bits = (bits << 6n) | BigInt(VALUES.get(digits.charAt(i)) ?? 0);
  bits >>= 2n;
  const isNegative = bits >> 63n === 0n;
  view.setBigUint64(0, isNegative ? ~bits : bits ^ (1n << 63n));
  return view.getFloat64(0);
}
