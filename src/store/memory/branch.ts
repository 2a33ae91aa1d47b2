import type { Path } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { SortedMap } from './sorted-map.js';
import { createSortedMap } from './sorted-map.js';

/** Up to so many children a sorted array is faster and smaller than a tree. */
const FEW = 64;

/** A leaf in its place. */
export interface Slot {
  /** The sort key of the leaf's path. */
  readonly key: string;
  leaf: Leaf;
}

/** A path with something below it. */
export interface Branch {
  /**
   * The sort key of the path with a slash behind it, which all keys below it begin with. So siblings in the order of
   * their keys are their leaves in store order: `b` and `b-2` come before what lies below `b`.
   */
  readonly key: string;
  readonly path: Path;
  readonly parent: Branch | undefined;
  readonly children: Children;
  /** How many of the children are leaves: where records lie, none is, and none needs to be searched for. */
  leafCount: number;
}

export type Child = Slot | Branch;

/** Whether a child is a branch; else it is a leaf. */
export function isBranch(child: Child): child is Branch {
  return 'children' in child;
}

/** What lies directly below a path, in the order of the keys. */
export class Children {
  #few: Child[] = [];
  /** In place of `#few` once there were more. */
  #many: SortedMap<Child> | undefined;

  get isEmpty(): boolean {
    return this.#many?.isEmpty ?? this.#few.length === 0;
  }

  get(key: string): Child | undefined {
    if (this.#many !== undefined) return this.#many.get(key);
    const child = this.#few[this.#indexOf(key)];
    return child?.key === key ? child : undefined;
  }

  /** Adds a child whose key is new. */
  add(child: Child): void {
    if (this.#many === undefined && this.#few.length === FEW) this.#grow();
    if (this.#many !== undefined) this.#many.set(child.key, child);
    else this.#insert(child);
  }

  remove(key: string): void {
    if (this.#many !== undefined) {
      this.#many.delete(key);
      return;
    }
    const index = this.#indexOf(key);
    if (this.#few[index]?.key === key) this.#few.splice(index, 1);
  }

  /** How many have a key of at least `low` and, if it is given, below `high`. */
  count(low: string, high: string | undefined): number {
    if (this.#many === undefined) {
      return Math.max(0, (high === undefined ? this.#few.length : this.#indexOf(high)) - this.#indexOf(low));
    }
    const end = high ?? `${this.#many.maxKey() ?? ''}\0`;
    return low < end ? this.#many.forRange(low, end, false) : 0;
  }

  forEach(visit: (child: Child) => void): void {
    if (this.#many === undefined) this.#few.forEach(visit);
    else this.#many.forEach(visit);
  }

  /** Ascending, from the first child that holds a key of at least `low`. */
  upwards(low: string): Iterator<Child> {
    const start = this.#startAt(low);
    return this.#many?.values(start) ?? this.#few.slice(this.#indexOf(start)).values();
  }

  /** Descending, from the last child that holds a key below `high`; from the last of all without one. */
  downwards(high: string | undefined): Iterator<Child> {
    if (this.#many !== undefined) return valuesDownwards(this.#many, high);
    const end = high === undefined ? this.#few.length : this.#indexOf(high);
    return this.#few.slice(0, end).reverse().values();
  }

  /** The key of the branch that `low` lies below, if there is one, else `low`: such a branch has a lower key. */
  #startAt(low: string): string {
    const before = this.#many?.nextLowerPair(low)?.[1] ?? this.#few[this.#indexOf(low) - 1];
    return before !== undefined && isBranch(before) && low.startsWith(before.key) ? before.key : low;
  }

  /** The index of the first of few whose key is at least `key`. */
  #indexOf(key: string): number {
    let low = 0;
    let high = this.#few.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#few[middle]!.key < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #insert(child: Child): void {
    const last = this.#few.at(-1);
    if (last === undefined || last.key < child.key) this.#few.push(child);
    else this.#few.splice(this.#indexOf(child.key), 0, child);
  }

  #grow(): void {
    const many = createSortedMap<Child>();
    for (const child of this.#few) many.set(child.key, child);
    this.#many = many;
    this.#few = [];
  }
}

function* valuesDownwards(
  children: SortedMap<Child>,
  high: string | undefined,
): Generator<Child, void, undefined> {
  for (const [, child] of children.entriesReversed(high, undefined, true)) yield child;
}
