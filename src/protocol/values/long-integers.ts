import { endOfString } from './json-text.js';

/** A whole number that JavaScript does not hold exactly has so many digits at least. */
const DIGITS = 16;
const [ZERO, NINE] = [0x30, 0x39];
/** A whole number of so many digits: neither those of a fraction or an exponent nor those before one. */
const LONG_INTEGERS = /(?<![.\deE+-])-?\d{16,}(?![.\deE])/g;
/** Characters that a message shows of a number. */
const SHOWN = 40;

/**
 * Valid JSON text with what `replace` says in the place of each of its whole numbers of 16 digits and more. What stands in
 * strings is left alone.
 */
export function replaceLongIntegers(text: string, replace: (digits: string) => string): string {
  if (!hasLongDigits(text)) return text;
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const quote = text.indexOf('"', at);
    const start = quote === -1 ? text.length : quote;
    parts.push(text.slice(at, start).replace(LONG_INTEGERS, replace));
    at = quote === -1 ? start : endOfString(text, start) + 1;
    parts.push(text.slice(start, at));
  }
  return parts.join('');
}

/**
 * What is said of the first whole number of valid JSON text that `JSON.parse` makes another one of, as 9007199254740992 of
 * `9007199254740993`; undefined where there is none. What JavaScript itself writes for a number stands for that number.
 */
export function roundedInteger(text: string): string | undefined {
  let rounded: string | undefined;
  replaceLongIntegers(text, (digits) => {
    if (rounded === undefined && isRounded(digits)) rounded = digits;
    return digits;
  });
  if (rounded === undefined) return undefined;
  const shown = rounded.length > SHOWN ? `${rounded.slice(0, SHOWN)}…` : rounded;
  return `the whole number ${shown}, which JavaScript does not hold exactly; a text with the same digits stays as it is`;
}

function isRounded(digits: string): boolean {
  const number = Number(digits);
  if (Number.isSafeInteger(number) || String(number) === digits) return false;
  return !Number.isFinite(number) || BigInt(number) !== BigInt(digits);
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
