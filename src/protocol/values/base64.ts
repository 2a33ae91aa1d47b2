/** No group under `*`: for each turn of one, an expression keeps a place to go back to, and megabytes overflow its stack. */
const ALPHABET = /^[A-Za-z0-9+/]*={0,2}$/;

/** The bytes of a base64 text of any length, with its padding; undefined for what is none. */
export function decodeBase64(text: string): Buffer | undefined {
  return text.length % 4 === 0 && ALPHABET.test(text) ? Buffer.from(text, 'base64') : undefined;
}
