import type { ByteText } from '../keys/byte-text.js';

/** Keys of one sorting, of which the first that is not taken comes next. */
interface Sorted {
  readonly keys: readonly ByteText[];
  at: number;
}

/** Keys that come in portions and are taken in their order, without a moment in which all of them are sorted. */
export class KeyRun {
  /** A heap: none has a lower key in front than the one at half its place. */
  readonly #portions: Sorted[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Adds keys, which it sorts. To be called before the first are taken. */
  add(keys: ByteText[]): void {
    if (keys.length === 0) return;
    keys.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    this.#portions.push({ keys, at: 0 });
    this.#size += keys.length;
    this.#rise(this.#portions.length - 1);
  }

  /** The lowest keys that are left, at most `count`. */
  take(count: number): ByteText[] {
    const taken: ByteText[] = [];
    while (taken.length < count) {
      const [first] = this.#portions;
      if (first === undefined) break;
      taken.push(first.keys[first.at]!);
      first.at++;
      if (first.at === first.keys.length) {
        const last = this.#portions.pop();
        if (last === undefined || this.#portions.length === 0) break;
        this.#portions[0] = last;
      }
      this.#sink();
    }
    this.#size -= taken.length;
    return taken;
  }

  #rise(from: number): void {
    for (let i = from; i > 0;) {
      const above = (i - 1) >>> 1;
      if (!this.#isLower(i, above)) return;
      this.#swap(i, above);
      i = above;
    }
  }

  #sink(): void {
    for (let i = 0; ;) {
      const left = 2 * i + 1;
      const right = left + 1;
      let lowest = i;
      if (left < this.#portions.length && this.#isLower(left, lowest)) lowest = left;
      if (right < this.#portions.length && this.#isLower(right, lowest)) lowest = right;
      if (lowest === i) return;
      this.#swap(i, lowest);
      i = lowest;
    }
  }

  #isLower(i: number, j: number): boolean {
    return front(this.#portions[i]!) < front(this.#portions[j]!);
  }

  #swap(i: number, j: number): void {
    const [a, b] = [this.#portions[i]!, this.#portions[j]!];
    this.#portions[i] = b;
    this.#portions[j] = a;
  }
}

function front({ keys, at }: Sorted): ByteText {
  return keys[at]!;
}
