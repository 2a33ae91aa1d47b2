import { createHash } from 'node:crypto';
import type { ByteText } from '../indexes/keys/byte-text.js';
import type { KeyRange, KeySet } from '../storage.js';
import type { GuardedDatabase } from './guarded-database.js';
import type { KeyEncoder } from './path-key.js';
import type { WriteScope } from './write-scope.js';

/** Keys of more bytes are cut here: with a hash behind it, what is left is still no longer than LMDB takes. */
const CUT_AT = 3_900;

/** Higher than what a hash begins with. */
const BEHIND_HASHES = '\xff';

/** Keys that are texts of bytes already. */
export const BYTE_KEYS: KeyEncoder<ByteText> = {
  writeKey: (key, target, start) => start + target.write(key, start, 'latin1'),
  readKey: (source, start, end) => source.toString('latin1', start, end),
};

/**
 * Keys in a database of their own. One that is longer than LMDB takes is stored by its beginning and a hash, with all of it as
 * the value: those of one beginning lie together, and are put in order when they are read.
 */
export class LmdbKeySet implements KeySet {
  readonly #db: GuardedDatabase<string, ByteText>;
  readonly #scope: WriteScope;

  constructor(db: GuardedDatabase<string, ByteText>, scope: WriteScope) {
    this.#db = db;
    this.#scope = scope;
  }

  has(key: ByteText): boolean {
    return this.#db.has(storedKey(key));
  }

  add(key: ByteText): void {
    this.#scope.note();
    this.#db.put(storedKey(key), key.length > CUT_AT ? key : '');
  }

  delete(key: ByteText): void {
    this.#scope.note();
    this.#db.remove(storedKey(key));
  }

  *range({ from, to, reverse = false }: KeyRange): Generator<ByteText, void, undefined> {
    let alike: ByteText[] = [];
    for (const { key, value } of this.#entries(from, to, reverse)) {
      if (alike.length > 0 && (key.length <= CUT_AT || !key.startsWith(beginningOf(alike)))) {
        yield* inOrder(alike, from, to, reverse);
        alike = [];
      }
      if (key.length > CUT_AT) alike.push(value);
      else if (from <= key && key < to) yield key;
    }
    yield* inOrder(alike, from, to, reverse);
  }

  count({ from, to }: Omit<KeyRange, 'reverse'>, atMost = Infinity): number {
    if (from >= to) return 0;
    // Of keys that are cut, whole ones only lie between bounds that are not.
    if (from.length <= CUT_AT && to.length <= CUT_AT) {
      const counted = this.#db.count({
        start: from,
        end: to,
        ...(atMost === Infinity ? {} : { limit: atMost }),
      });
      return Math.min(counted, atMost);
    }
    const counted: ByteText[] = [];
    for (const key of this.range({ from, to })) {
      if (counted.length >= atMost) break;
      counted.push(key);
    }
    return counted.length;
  }

  /** All that is stored between two bounds, and all that has the beginning of one of them. */
  #entries(from: ByteText, to: ByteText, reverse: boolean): Iterable<{ key: ByteText; value: string }> {
    const low = from.slice(0, CUT_AT);
    const high = to.length > CUT_AT ? to.slice(0, CUT_AT) + BEHIND_HASHES : to;
    const read = (entry: { key: ByteText; value: string }): { key: ByteText; value: string } => entry;
    if (!reverse) return this.#db.range({ start: low, end: high }, read);
    return this.#db.range({ start: high, exclusiveStart: true, end: low, inclusiveEnd: true, reverse }, read);
  }
}

function storedKey(key: ByteText): ByteText {
  if (key.length <= CUT_AT) return key;
  return key.slice(0, CUT_AT) + createHash('sha256').update(key, 'latin1').digest('hex');
}

function beginningOf([first = '']: readonly ByteText[]): ByteText {
  return first.slice(0, CUT_AT);
}

function inOrder(keys: ByteText[], from: ByteText, to: ByteText, reverse: boolean): ByteText[] {
  // A text without a comparator goes by its characters, which are the bytes.
  const within = keys.filter((key) => from <= key && key < to).sort();
  return reverse ? within.reverse() : within;
}
