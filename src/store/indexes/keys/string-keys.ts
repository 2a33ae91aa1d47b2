import type { ByteText } from './byte-text.js';
import { bytesOf, textOf } from './byte-text.js';

const LOW = /[\0\x01]/;
const ALL_LOW = /[\0\x01]/g;
const ESCAPED = /\x01[\x01\x02]/g;

/** A string whose order is that of its code points, without the character that ends a value. */
export function stringText(value: string): ByteText {
  const bytes = bytesOf(value);
  return LOW.test(bytes) ? bytes.replace(ALL_LOW, (low) => (low === '\0' ? '\x01\x01' : '\x01\x02')) : bytes;
}

/** The string of such a text. */
export function stringOfText(text: ByteText): string {
  const bytes = text.includes('\x01')
    ? text.replace(ESCAPED, (pair) => (pair === '\x01\x01' ? '\0' : '\x01'))
    : text;
  return textOf(bytes);
}
