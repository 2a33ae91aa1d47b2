import type { Database, RangeOptions, Transaction } from 'lmdb';
import { damagedValue } from './errors.js';
import { readFault, writeFault } from './faults.js';

/** A stored value under its key. */
export interface Entry<Value, Key> {
  readonly key: Key;
  readonly value: Value;
}

/**
 * The one way to a database of LMDB: all it throws leaves as a `DustError`, and every range is closed, however its
 * reading ends.
 *
 * Each method throws `storage` with detail `corrupt`, `exhausted` or `read_failed`, those that write also `write_failed`.
 */
export class GuardedDatabase<Value, Key extends string | number> {
  readonly #path: string;
  readonly #describe: (key: Key) => string;
  readonly #db: Database<Value, Key>;
  readonly #of: { readonly transaction?: Transaction };

  /**
   * @param path the data folder
   * @param name what lies under a key, in words of the reader: `leaf`, `operation`
   * @param transaction what reads are of; default: the present
   */
  constructor(
    path: string,
    name: string | ((key: Key) => string),
    db: Database<Value, Key>,
    transaction?: Transaction,
  ) {
    this.#path = path;
    this.#describe = typeof name === 'string' ? (key) => `${name} ${JSON.stringify(key)}` : name;
    this.#db = db;
    this.#of = transaction === undefined ? {} : { transaction };
  }

  /** The same as a transaction sees it. Only to be read, and no longer than that lasts. */
  within(transaction: Transaction): GuardedDatabase<Value, Key> {
    return new GuardedDatabase(this.#path, this.#describe, this.#db, transaction);
  }

  get size(): number {
    try {
      const { entryCount }: { readonly entryCount?: unknown } = this.#db.getStats();
      return typeof entryCount === 'number' ? entryCount : this.#db.getKeysCount();
    } catch (error) {
      throw this.#readFault(error);
    }
  }

  get(key: Key): Value | undefined {
    try {
      return this.#db.get(key, this.#of);
    } catch (error) {
      throw this.#readFault(error, key);
    }
  }

  has(key: Key): boolean {
    try {
      return this.#db.doesExist(key);
    } catch (error) {
      throw this.#readFault(error);
    }
  }

  /** The lowest key, or the highest; undefined when there is none. */
  end(reverse: boolean): Key | undefined {
    return this.firstKey({ reverse });
  }

  /** The first entry of the range, undefined when there is none. */
  first(options: RangeOptions): Entry<Value, Key> | undefined {
    for (const entry of this.range({ ...options, limit: 1 }, (each) => each)) return entry;
    return undefined;
  }

  /** The first key of the range, undefined when there is none. */
  firstKey(options: RangeOptions): Key | undefined {
    try {
      for (const key of this.#db.getKeys({ ...options, ...this.#of, limit: 1 })) return key;
      return undefined;
    } catch (error) {
      throw this.#readFault(error);
    }
  }

  /** The keys of the range. */
  keys(options: RangeOptions): Key[] {
    try {
      return [...this.#db.getKeys({ ...options, ...this.#of })];
    } catch (error) {
      throw this.#readFault(error);
    }
  }

  /** `read` of each entry of the range. It may throw for one that is damaged: see {@link GuardedDatabase.damaged}. */
  *range<T>(options: RangeOptions, read: (entry: Entry<Value, Key>) => T): Generator<T, void, undefined> {
    // LMDB's iterators do not close themselves when they throw, and `for … of` closes none that threw.
    const entries = this.#entries(options);
    let last: Key | undefined;
    try {
      for (;;) {
        const { done, value } = this.#next(entries, options, last);
        if (done === true) return;
        last = value.key;
        yield read(value);
      }
    } finally {
      entries.return?.();
    }
  }

  /** How many keys lie in a range. */
  count(options: RangeOptions): number {
    try {
      return this.#db.getKeysCount({ ...options, ...this.#of });
    } catch (error) {
      throw this.#readFault(error);
    }
  }

  put(key: Key, value: Value): void {
    try {
      this.#db.putSync(key, value);
    } catch (error) {
      throw writeFault(this.#path, error);
    }
  }

  /** As {@link GuardedDatabase.put}, for a key behind all others. */
  append(key: Key, value: Value): void {
    try {
      this.#db.putSync(key, value, { append: true });
    } catch (error) {
      throw writeFault(this.#path, error);
    }
  }

  remove(key: Key): void {
    try {
      this.#db.removeSync(key);
    } catch (error) {
      throw writeFault(this.#path, error);
    }
  }

  clear(): void {
    try {
      this.#db.clearSync();
    } catch (error) {
      throw writeFault(this.#path, error);
    }
  }

  /** Removes the database with all that it holds; it is of no use any more. */
  drop(): void {
    try {
      this.#db.dropSync();
    } catch (error) {
      throw writeFault(this.#path, error);
    }
  }

  /** The error for a value that is not what a store writes. */
  damaged(key: Key, cause?: unknown): Error {
    return damagedValue(this.#path, `as the ${this.#describe(key)}`, cause);
  }

  #entries(options: RangeOptions): Iterator<Entry<Value, Key>> {
    try {
      return this.#db.getRange({ ...options, ...this.#of })[Symbol.iterator]();
    } catch (error) {
      throw this.#readFault(error);
    }
  }

  #next(
    entries: Iterator<Entry<Value, Key>>,
    options: RangeOptions,
    last: Key | undefined,
  ): IteratorResult<Entry<Value, Key>, unknown> {
    try {
      return entries.next();
    } catch (error) {
      throw this.#readFault(error, isSyntaxError(error) ? this.#keyAfter(options, last) : undefined);
    }
  }

  /** The key behind `last` in the range: that of the value that could not be read. */
  #keyAfter(options: RangeOptions, last: Key | undefined): Key | undefined {
    return this.firstKey(last === undefined ? options : { ...options, start: last, exclusiveStart: true });
  }

  /** Values are JSON text, and what is no longer that is damaged. */
  #readFault(error: unknown, key?: Key): Error {
    if (isSyntaxError(error) && key !== undefined) return this.damaged(key, error);
    return readFault(this.#path, error);
  }
}

/** By its name: with contexts of their own, as test runners have them, there are several classes of that name. */
function isSyntaxError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'SyntaxError';
}
