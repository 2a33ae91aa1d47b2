import { compareNames } from './compare-names.js';
import type { Base } from './group-key.js';
import type { GroupReader } from './group-reader.js';

/** So many names are kept at most, of all bases together: some 5 MB. */
const MOST_NAMES = 50_000;

/**
 * With which names the parts of split groups begin: so that a write finds its part without a search in the database. Kept from one
 * transaction to the next: each of them sees to it that nobody else has written. To be emptied when one is undone.
 */
export class PartIndex {
  readonly #reader: GroupReader;
  readonly #lows = new Map<Base, string[]>();
  #names = 0;

  constructor(reader: GroupReader) {
    this.#reader = reader;
  }

  /** Whether the parts of a base are known, and there are some. */
  knows(base: Base): boolean {
    return (this.#lows.get(base)?.length ?? 0) > 0;
  }

  /** With which name the part begins that a leaf of this name belongs to; undefined when all parts are behind it. */
  lowOf(base: Base, name: string): string | undefined {
    const lows = this.#of(base);
    return lows[placeBehind(lows, name) - 1];
  }

  isEmpty(base: Base): boolean {
    return this.#of(base).length === 0;
  }

  isLast(base: Base, low: string): boolean {
    const lows = this.#of(base);
    return placeBehind(lows, low) === lows.length;
  }

  /** A part that begins with this name is in the database. */
  add(base: Base, low: string): void {
    const lows = this.#of(base);
    const place = placeBehind(lows, low);
    if (lows[place - 1] === low) return;
    lows.splice(place, 0, low);
    this.#names++;
  }

  /** The part that begins with this name is there no more. */
  remove(base: Base, low: string): void {
    const lows = this.#of(base);
    const place = placeBehind(lows, low) - 1;
    if (lows[place] !== low) return;
    lows.splice(place, 1);
    this.#names--;
  }

  /** Forgets everything. */
  clear(): void {
    this.#lows.clear();
    this.#names = 0;
  }

  #of(base: Base): string[] {
    const known = this.#lows.get(base);
    if (known !== undefined) return known;
    if (this.#names > MOST_NAMES) this.clear();
    const lows = this.#reader.lows(base);
    this.#lows.set(base, lows);
    this.#names += lows.length;
    return lows;
  }
}

/** The place behind all names that are not behind `name`. */
function placeBehind(lows: readonly string[], name: string): number {
  let low = 0;
  let high = lows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareNames(lows[middle] ?? '', name) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
