import { escapeSegment, unescapeSegment } from '../../../protocol/paths/path.js';
import type { ByteText } from './byte-text.js';
import { bytesOf, textOf } from './byte-text.js';
import { VALUE_END } from './value-keys.js';

/** Behind a slug, as in the paths below its record: entries of equal values are in store order. */
const SLUG_END = '/';

/** What the keys of all entries of an index begin with. */
export function indexKey(number: number): ByteText {
  return `${number.toString(36)}:`;
}

/** What a range of all that begins with such a key ends with. */
export function behindIndexKey(number: number): ByteText {
  return `${number.toString(36)};`;
}

/** What the entry of a record ends with. */
export function slugKey(slug: string): ByteText {
  return escapedSlugKey(escapeSegment(slug));
}

/** The same, of a slug as it stands in paths. */
export function escapedSlugKey(escaped: string): ByteText {
  return bytesOf(escaped) + SLUG_END;
}

/** An entry in its pieces. */
export interface EntryPieces {
  /** All in front of the slug. */
  readonly values: ByteText;
  /** The keys of the values. */
  readonly parts: readonly ByteText[];
  readonly slug: string;
}

/** Where the slug of an entry of so many parts begins. */
export function slugStart(key: ByteText, parts: number): number {
  let at = 0;
  for (let i = 0; i < parts; i++) at = key.indexOf(VALUE_END, at) + 1;
  return at;
}

/** The slug of an entry, which begins at `start`. */
export function slugOfEntry(key: ByteText, start: number): string {
  return unescapeSegment(textOf(key.slice(start, -SLUG_END.length)));
}

/** An entry of `parts` parts, taken to pieces. */
export function piecesOf(key: ByteText, parts: number): EntryPieces {
  const keys: ByteText[] = [];
  let at = key.indexOf(':') + 1;
  for (let i = 0; i < parts; i++) {
    const end = key.indexOf(VALUE_END, at) + 1;
    keys.push(key.slice(at, end));
    at = end;
  }
  return { values: key.slice(0, at), parts: keys, slug: slugOfEntry(key, at) };
}
