/** A whole number that JavaScript does not hold exactly has so many digits at least. */
const DIGITS = 16;
const [ZERO, NINE] = [0x30, 0x39];
/** A whole number of so many digits: neither the digits of a fraction nor those before one or before an exponent. */
const WHOLE_NUMBERS = /(?<![.\d])-?\d{16,}(?![.\de])/g;

/**
 * The JSON text of a value, as `JSON.stringify` writes it, but for whole numbers that JavaScript does not hold exactly: these
 * are floats, and are written so (`9e20` as `9.0e20`). Written as integers they are kept as such, and one beyond 64 bits
 * breaks every MessagePack catch-up of its store (PROTOCOL §8).
 */
export function toWireJson(value: unknown): string {
  const text = JSON.stringify(value);
  return hasLongDigits(text) ? withFloats(text) : text;
}

/** Whether so many digits stand in a row, in a string or outside: nearly no text has them. A row has one at a multiple of its length. */
function hasLongDigits(text: string): boolean {
  for (let at = DIGITS - 1; at < text.length; at += DIGITS) {
    if (!isDigit(text, at)) continue;
    let first = at;
    while (isDigit(text, first - 1)) first--;
    let end = at + 1;
    while (isDigit(text, end)) end++;
    if (end - first >= DIGITS) return true;
  }
  return false;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= ZERO && code <= NINE;
}

function withFloats(text: string): string {
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const quote = text.indexOf('"', at);
    const start = quote === -1 ? text.length : quote;
    parts.push(text.slice(at, start).replace(WHOLE_NUMBERS, asFloat));
    at = quote === -1 ? start : endOfString(text, start);
    parts.push(text.slice(start, at));
  }
  return parts.join('');
}

function asFloat(digits: string): string {
  const number = Number(digits);
  if (Number.isSafeInteger(number)) return digits;
  const [mantissa = '', exponent = ''] = number.toExponential().split('e+');
  return `${mantissa}${mantissa.includes('.') ? '' : '.0'}e${exponent}`;
}

/** Behind the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end + 1;
}

/** A quote is escaped behind an odd number of backslashes. */
function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text[first - 1] === '\\') first--;
  return (at - first) % 2 === 1;
}
