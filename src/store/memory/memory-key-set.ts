import type { ByteText } from '../indexes/keys/byte-text.js';
import type { KeyRange, KeySet } from '../storage.js';
import { createSortedMap } from './sorted-map.js';

/** Up to so many keys are counted one by one: to count them all looks at every node of the range. */
const FEW = 256;

/** Keys in memory. */
export class MemoryKeySet implements KeySet {
  readonly #keys = createSortedMap<undefined>();

  has(key: ByteText): boolean {
    return this.#keys.has(key);
  }

  add(key: ByteText): void {
    this.#keys.set(key, undefined);
  }

  delete(key: ByteText): void {
    this.#keys.delete(key);
  }

  *range({ from, to, reverse = false }: KeyRange): Generator<ByteText, void, undefined> {
    if (reverse) {
      if (this.#keys.size === 0) return;
      for (const [key] of this.#keys.entriesReversed(to, [], true)) {
        if (key < from) return;
        yield key;
      }
      return;
    }
    for (const key of this.#keys.keys(from)) {
      if (key >= to) return;
      yield key;
    }
  }

  count({ from, to }: KeyRange, atMost = Infinity): number {
    if (from >= to) return 0;
    if (atMost > FEW) return Math.min(this.#keys.forRange(from, to, false), atMost);
    return this.#keys.forRange(from, to, false, (_key, _value, counted) =>
      counted === atMost ? { break: atMost } : undefined,
    );
  }
}
