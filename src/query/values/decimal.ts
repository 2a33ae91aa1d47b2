const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,9}))?$/;

/** The number `sign × 0.digits × 10^exponent`; `digits` begins and ends with another digit than 0. */
interface Decimal {
  readonly sign: -1 | 0 | 1;
  readonly digits: string;
  readonly exponent: number;
}

/** Whether `text` is a decimal number, such as `-12.50` or `1e-7`. */
export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/** Compares two decimal numbers by value, exactly; `undefined` when one of them is none. */
export function compareDecimals(a: string, b: string): number | undefined {
  const left = parse(a);
  const right = parse(b);
  if (left === undefined || right === undefined) return undefined;
  if (left.sign !== right.sign) return left.sign - right.sign;
  return left.sign < 0 ? compareMagnitudes(right, left) : compareMagnitudes(left, right);
}

/** A text that equal numbers have in common, however they are written; undefined for what is no number. */
export function decimalKey(text: string): string | undefined {
  const decimal = parse(text);
  return decimal && `${decimal.sign} ${decimal.digits} ${decimal.exponent}`;
}

function compareMagnitudes(a: Decimal, b: Decimal): number {
  if (a.exponent !== b.exponent) return a.exponent - b.exponent;
  return a.digits < b.digits ? -1 : a.digits > b.digits ? 1 : 0;
}

function parse(text: string): Decimal | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const written = whole + fraction;
  const significant = written.replace(/^0+/, '');
  const digits = withoutTrailingZeros(significant);
  if (digits === '') return { sign: 0, digits, exponent: 0 };
  const leadingZeros = written.length - significant.length;
  return { sign: sign === '-' ? -1 : 1, digits, exponent: whole.length - leadingZeros + Number(exponent) };
}

function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === 48) end--;
  return digits.slice(0, end);
}
