import type { Path } from '../../../protocol/paths/path.js';
import type { Leaf } from '../../../protocol/values/value.js';
import { compareNames } from './compare-names.js';
import type { Base } from './group-key.js';
import type { GroupReader, KeyedGroup, NameRange } from './group-reader.js';
import type { Line } from './group-text.js';
import { isOfLarge, leafOn, leavesOf, linesOf, nameOn } from './group-text.js';

const NOTHING: Iterator<KeyedGroup> = { next: () => ({ done: true, value: undefined }) };

/** The leaves of one group in a direction, a few at a time. Those that lie alone are left out. */
export class GroupRun {
  readonly base: Base;
  readonly #reader: GroupReader;
  readonly #range: NameRange;
  readonly #parts: Iterator<KeyedGroup>;
  /** The group, or the part of it, that was not looked into so far. */
  #ahead: KeyedGroup | undefined;
  /** The key of the one that is being read, and what is read of it. */
  #key: string;
  #lines: readonly Line[] = [];
  #taken = 0;

  /** @param group a whole group, undefined for none, or the parts of one that is split */
  constructor(
    reader: GroupReader,
    base: Base,
    range: NameRange,
    group: KeyedGroup | Iterator<KeyedGroup> | undefined,
  ) {
    const isWhole = group !== undefined && 'text' in group;
    this.#reader = reader;
    this.base = base;
    this.#range = range;
    this.#key = base;
    this.#ahead = isWhole ? group : undefined;
    this.#parts = group === undefined || isWhole ? NOTHING : group;
  }

  /** The next leaves, of one part at most, that come before the path; all of them without one. Empty when there are none. */
  take(limit?: Path): Leaf[] {
    const { low, high } = this.#range;
    const isAllWanted = limit === undefined && low === undefined && high === undefined;
    return (isAllWanted ? this.#takePart() : undefined) ?? this.#takeBefore(limit?.slice(this.base.length));
  }

  close(): void {
    this.#parts.return?.();
  }

  /** All of the next part that has leaves; undefined when there is none, or one was looked into. */
  #takePart(): Leaf[] | undefined {
    if (this.#taken < this.#lines.length) return undefined;
    const group = this.#nextGroup();
    if (group === undefined) return undefined;
    const leaves = leavesOf(this.base, group.text)?.leaves;
    if (leaves === undefined) throw this.#reader.damaged(group.key);
    return leaves.length === 0 ? this.#takePart() : this.#range.reverse ? leaves.reverse() : leaves;
  }

  #takeBefore(border: string | undefined): Leaf[] {
    const leaves: Leaf[] = [];
    for (let line = this.#peek(); line !== undefined; line = this.#peek()) {
      if (border !== undefined && !this.#isBefore(line, border)) return leaves;
      this.#taken++;
      if (!isOfLarge(line) && this.#isWanted(line)) leaves.push(this.#leaf(line));
      if (leaves.length > 0 && this.#taken === this.#lines.length) return leaves;
    }
    return leaves;
  }

  #peek(): Line | undefined {
    while (this.#taken >= this.#lines.length) {
      const next = this.#nextGroup();
      if (next === undefined) return undefined;
      this.#key = next.key;
      this.#lines = linesOf(next.text);
      this.#taken = 0;
    }
    return this.#range.reverse ? this.#lines[this.#lines.length - 1 - this.#taken] : this.#lines[this.#taken];
  }

  #nextGroup(): KeyedGroup | undefined {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    if (ahead !== undefined) return ahead;
    const next = this.#parts.next();
    return next.done === true ? undefined : next.value;
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
