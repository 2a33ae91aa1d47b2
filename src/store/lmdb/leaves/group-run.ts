import { comparePaths } from '../../../protocol/order.js';
import type { Path } from '../../../protocol/path.js';
import type { Leaf } from '../../../protocol/value.js';
import type { Base } from './group-key.js';
import type { NameRange } from './group-reader.js';
import type { StoredEntry, StoredGroup } from './stored-group.js';
import { leafOf } from './stored-group.js';

const NOTHING: Iterator<StoredGroup> = { next: () => ({ done: true, value: undefined }) };

/** The leaves of one group in a direction, a few at a time. Those that lie alone are left out. */
export class GroupRun {
  readonly base: Base;
  readonly #range: NameRange;
  readonly #parts: Iterator<StoredGroup>;
  #entries: StoredGroup;
  #taken = 0;

  /** @param entries a whole group, or the parts of one that is split */
  constructor(
    base: Base,
    range: NameRange,
    entries: StoredGroup | { readonly parts: Iterable<StoredGroup> },
  ) {
    this.base = base;
    this.#range = range;
    this.#entries = 'parts' in entries ? [] : entries;
    this.#parts = 'parts' in entries ? entries.parts[Symbol.iterator]() : NOTHING;
  }

  /** The next leaves, of one part at most, that come before the path; all of them without one. Empty when there are none. */
  take(limit?: Path): Leaf[] {
    const border = limit?.slice(this.base.length);
    const leaves: Leaf[] = [];
    for (let entry = this.#peek(); entry !== undefined; entry = this.#peek()) {
      if (border !== undefined && !this.#isBefore(entry, border)) return leaves;
      this.#taken++;
      if (this.#isWanted(entry)) {
        const leaf = leafOf(this.base, entry);
        if (leaf !== undefined) leaves.push(leaf);
      }
      if (leaves.length > 0 && this.#taken === this.#entries.length) return leaves;
    }
    return leaves;
  }

  close(): void {
    this.#parts.return?.();
  }

  #peek(): StoredEntry | undefined {
    while (this.#taken >= this.#entries.length) {
      const next = this.#parts.next();
      if (next.done === true) return undefined;
      this.#entries = next.value;
      this.#taken = 0;
    }
    return this.#range.reverse
      ? this.#entries[this.#entries.length - 1 - this.#taken]
      : this.#entries[this.#taken];
  }

  #isBefore([name]: StoredEntry, border: string): boolean {
    const order = comparePaths(name, border);
    return this.#range.reverse ? order > 0 : order < 0;
  }

  #isWanted([name]: StoredEntry): boolean {
    const { low, isLowOut, high } = this.#range;
    if (low !== undefined) {
      const order = comparePaths(name, low);
      if (order < 0 || (isLowOut && order === 0)) return false;
    }
    return high === undefined || comparePaths(name, high) < 0;
  }
}
