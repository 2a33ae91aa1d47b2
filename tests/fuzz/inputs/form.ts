import type { JsonValue } from '../../../src/protocol/values/value.js';
import { isObject } from '../../../src/protocol/values/value.js';

/** How an input is kept in a file of the corpus. */
export interface Form<Input> {
  write(input: Input): JsonValue;
  /** @throws Error for what is no input */
  read(stored: JsonValue): Input;
}

/** Inputs that are JSON as they stand. */
export function asJson<Input extends JsonValue>(): Form<Input> {
  return { write: (input) => input, read: (stored) => stored as Input };
}

/** Text: `{ text }`, or `{ pieces: [[text, times], …] }` where it would be long. Half a surrogate pair is kept as well. */
export const asText: Form<string> = {
  write: (text) => ({ text }),
  read: (stored) => {
    if (typeof stored === 'string') return stored;
    if (isObject(stored) && typeof stored.text === 'string') return stored.text;
    if (!isObject(stored) || !Array.isArray(stored.pieces)) {
      throw new Error('{ text } or { pieces } is missing');
    }
    return (stored.pieces as [string, number][]).map(([text, times]) => text.repeat(times)).join('');
  },
};

/** Bytes: as text where they are UTF-8, else `{ hex }`. */
export const asBytes: Form<Uint8Array> = {
  write: (bytes) => {
    const text = Buffer.from(bytes).toString();
    return Buffer.from(text).equals(bytes) ? { text } : { hex: Buffer.from(bytes).toString('hex') };
  },
  read: (stored) =>
    isObject(stored) && typeof stored.hex === 'string'
      ? Buffer.from(stored.hex, 'hex')
      : Buffer.from(asText.read(stored)),
};
