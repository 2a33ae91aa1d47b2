/**
 * A text of bytes: each character is one byte, those of UTF-8 for what is not ASCII. Its ordinary order is that of the bytes, on
 * every storage, and in memory a byte takes a byte.
 */
export type ByteText = string;

const BEYOND_ASCII = /[^\0-\x7f]/;

/** The bytes of a text. */
export function bytesOf(text: string): ByteText {
  return BEYOND_ASCII.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

/** The text of those bytes. */
export function textOf(bytes: ByteText): string {
  return BEYOND_ASCII.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
}
