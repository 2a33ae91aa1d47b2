import type { Path } from '../../../protocol/path.js';
import type { Leaf } from '../../../protocol/value.js';
import { compareNames } from './compare-names.js';
import type { Base } from './group-key.js';
import type { GroupReader, KeyedGroup, NameRange } from './group-reader.js';
import type { Line } from './group-text.js';
import { isOfLarge, leafOn, linesOf, nameOn } from './group-text.js';

const NOTHING: Iterator<KeyedGroup> = { next: () => ({ done: true, value: undefined }) };

/** The leaves of one group in a direction, a few at a time. Those that lie alone are left out. */
export class GroupRun {
  readonly base: Base;
  readonly #reader: GroupReader;
  readonly #range: NameRange;
  /** The key of what is being read. */
  #key: string;
  #lines: readonly Line[];
  #taken = 0;
  readonly #parts: Iterator<KeyedGroup>;

  /** @param group a whole group, undefined for none, or the parts of one that is split */
  constructor(
    reader: GroupReader,
    base: Base,
    range: NameRange,
    group: KeyedGroup | Iterable<KeyedGroup> | undefined,
  ) {
    const isWhole = group !== undefined && 'text' in group;
    this.#reader = reader;
    this.base = base;
    this.#range = range;
    this.#key = isWhole ? group.key : base;
    this.#lines = isWhole ? linesOf(group.text) : [];
    this.#parts = group === undefined || isWhole ? NOTHING : group[Symbol.iterator]();
  }

  /** The next leaves, of one part at most, that come before the path; all of them without one. Empty when there are none. */
  take(limit?: Path): Leaf[] {
    const border = limit?.slice(this.base.length);
    const leaves: Leaf[] = [];
    for (let line = this.#peek(); line !== undefined; line = this.#peek()) {
      if (border !== undefined && !this.#isBefore(line, border)) return leaves;
      this.#taken++;
      if (!isOfLarge(line) && this.#isWanted(line)) leaves.push(this.#leaf(line));
      if (leaves.length > 0 && this.#taken === this.#lines.length) return leaves;
    }
    return leaves;
  }

  close(): void {
    this.#parts.return?.();
  }

  #peek(): Line | undefined {
    while (this.#taken >= this.#lines.length) {
      const next = this.#parts.next();
      if (next.done === true) return undefined;
      this.#key = next.value.key;
      this.#lines = linesOf(next.value.text);
      this.#taken = 0;
    }
    return this.#range.reverse ? this.#lines[this.#lines.length - 1 - this.#taken] : this.#lines[this.#taken];
  }

  #leaf(line: Line): Leaf {
    const leaf = leafOn(this.base, line);
    if (leaf === undefined) throw this.#reader.damaged(this.#key);
    return leaf;
  }

  #name(line: Line): string {
    const name = nameOn(line);
    if (name === undefined) throw this.#reader.damaged(this.#key);
    return name;
  }

  #isBefore(line: Line, border: string): boolean {
    const order = compareNames(this.#name(line), border);
    return this.#range.reverse ? order > 0 : order < 0;
  }

  #isWanted(line: Line): boolean {
    const { low, isLowOut, high } = this.#range;
    if (low === undefined && high === undefined) return true;
    const name = this.#name(line);
    if (low !== undefined) {
      const order = compareNames(name, low);
      if (order < 0 || (isLowOut && order === 0)) return false;
    }
    return high === undefined || compareNames(name, high) < 0;
  }
}
