import { MemoryKeySet } from '../../memory/memory-key-set.js';
import type { KeyRange, KeySet } from '../../storage.js';
import type { ByteText } from '../keys/byte-text.js';

/** The reading half of a {@link KeySet}. */
export type ReadableKeys = Pick<KeySet, 'range' | 'count'>;

/** Keys as they were, for as long as it is told before one comes or goes. */
export class HeldKeys implements ReadableKeys {
  readonly #base: KeySet;
  /** Of each key that has come or gone, whether it was there. */
  readonly #before = new Map<ByteText, boolean>();
  /** Those that were. */
  readonly #gone = new MemoryKeySet();

  constructor(base: KeySet) {
    this.#base = base;
  }

  /** How many keys have come or gone. */
  get size(): number {
    return this.#before.size;
  }

  /** A key is about to come or to go. */
  note(key: ByteText): void {
    if (this.#before.has(key)) return;
    const isThere = this.#base.has(key);
    this.#before.set(key, isThere);
    if (isThere) this.#gone.add(key);
  }

  range(range: KeyRange): Iterable<ByteText> {
    if (this.#before.size === 0) return this.#base.range(range);
    return mergeKeys(this.#untouched(range), this.#gone.range(range), range.reverse);
  }

  count(range: Omit<KeyRange, 'reverse'>, atMost = Infinity): number {
    let difference = 0;
    for (const [key, wasThere] of this.#before) {
      if (key >= range.from && key < range.to) difference += Number(wasThere) - Number(this.#base.has(key));
    }
    return Math.min(this.#base.count(range, atMost + this.#before.size) + difference, atMost);
  }

  *#untouched(range: KeyRange): Generator<ByteText, void, undefined> {
    for (const key of this.#base.range(range)) if (!this.#before.has(key)) yield key;
  }
}

/** Two runs of keys without one in common, each in order or in reverse, as one such run. */
function* mergeKeys(
  left: Iterable<ByteText>,
  right: Iterable<ByteText>,
  reverse = false,
): Generator<ByteText, void, undefined> {
  // Few, as what is held is bounded; and no cursor stands behind them.
  const others = [...right];
  let next = 0;
  for (const key of left) {
    for (let other = others[next]; other !== undefined; other = others[++next]) {
      if (reverse ? other < key : other > key) break;
      yield other;
    }
    yield key;
  }
  while (next < others.length) yield others[next++]!;
}
