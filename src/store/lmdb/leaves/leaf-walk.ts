import type { RangeOptions } from 'lmdb';
import { comparePaths } from '../../../protocol/paths/order.js';
import type { Path } from '../../../protocol/paths/path.js';
import type { Leaf } from '../../../protocol/values/value.js';
import type { TreeRange } from '../../leaf-tree.js';
import type { Entry } from '../guarded-database.js';
import { LOWEST_PATH } from '../path-key.js';
import type { Base } from './group-key.js';
import { TOP, baseAbove, baseOf, endOf, groupKey, partKey, placeOf } from './group-key.js';
import type { GroupReader, KeyedGroup, NameRange } from './group-reader.js';
import { GroupRun } from './group-run.js';
import { IN_PARTS } from './group-text.js';

type Found = Entry<string, string>;

/** A range without `after`: from `low` up to `high`, which is not included. */
interface Bounds {
  readonly low: Path;
  /** Whether `low` is not included either. */
  readonly isLowOut: boolean;
  readonly high: Path | undefined;
  readonly reverse: boolean;
}

/** The leaves of a range, in its direction. */
export function* leavesInRange(reader: GroupReader, range: TreeRange): Generator<Leaf, void, undefined> {
  for (const leaves of runsInRange(reader, range)) {
    for (const leaf of leaves) yield leaf;
  }
}

/** The same, as many at a time as lie together in a group, or none. */
export function* runsInRange(reader: GroupReader, range: TreeRange): Generator<Leaf[], void, undefined> {
  const bounds = boundsOf(range);
  if (bounds.high !== undefined && comparePaths(bounds.low, bounds.high) >= 0) return;
  const walk = new LeafWalk(reader, bounds);
  try {
    for (let leaves = walk.next(); leaves !== undefined; leaves = walk.next()) yield leaves;
  } finally {
    walk.close();
  }
}

/**
 * Goes through the keys of a range, which stand in store order but for this: under the key of a group lie leaves that belong before, between and
 * behind what lies deeper. So the groups of all bases that the next key lies below are kept open, the deepest last, and each gives its
 * leaves as the keys go past them.
 */
class LeafWalk {
  readonly #reader: GroupReader;
  readonly #bounds: Bounds;
  /** The lowest base that holds the whole range. */
  readonly #bottom: Base;
  readonly #open: GroupRun[] = [];
  #keys: Iterator<Found>;
  /** What comes next, when the leaves before it are taken. */
  #ahead: Found | undefined;
  #step: 'begin' | 'keys' | 'end' | 'drain';

  constructor(reader: GroupReader, bounds: Bounds) {
    this.#reader = reader;
    this.#bounds = bounds;
    this.#bottom = bottomOf(bounds);
    this.#keys = reader.entries(keysOf(bounds));
    this.#step = bounds.reverse ? 'keys' : 'begin';
  }

  /** A few leaves, or none; undefined behind the last. */
  next(): Leaf[] | undefined {
    switch (this.#step) {
      case 'begin':
        return this.#reachLow() ?? this.#go('keys');
      case 'keys':
        return this.#nextKey();
      case 'end':
        return this.#reachLow() ?? this.#go('drain');
      case 'drain':
        return this.#leaveAllBut(undefined);
    }
  }

  close(): void {
    this.#keys.return?.();
    for (const run of this.#open) run.close();
  }

  #go(step: 'keys' | 'end' | 'drain'): Leaf[] {
    this.#step = step;
    return [];
  }

  #nextKey(): Leaf[] {
    const found = (this.#ahead ??= this.#readKey());
    if (found === undefined) return this.#go(this.#bounds.reverse ? 'end' : 'drain');
    const { kind, base } = placeOf(found.key);
    const before = this.#reach(base);
    if (before !== undefined) return before;
    if (kind === 'leaf') return this.#take(found.key) ?? this.#pass(found);
    if (kind === 'part') this.#skipParts(base);
    this.#ahead = undefined;
    return [];
  }

  #readKey(): Found | undefined {
    const next = this.#keys.next();
    return next.done === true ? undefined : next.value;
  }

  /** A large leaf itself. */
  #pass({ key, value }: Found): Leaf[] {
    this.#ahead = undefined;
    const { low, isLowOut } = this.#bounds;
    return isLowOut && key === low ? [] : [this.#reader.checkedLeaf(key, value)];
  }

  /** Parts are read by the run of their group. */
  #skipParts(base: Base): void {
    const { reverse } = this.#bounds;
    const rest = keysOf(this.#bounds);
    const start = reverse
      ? { start: partKey(base, ''), exclusiveStart: true }
      : { start: endOf(base) ?? TOP };
    this.#keys.return?.();
    this.#keys = this.#reader.entries({ ...rest, ...start });
  }

  /** The leaves before the low end's place, where its groups may hold leaves of the range, and no key tells. */
  #reachLow(): Leaf[] | undefined {
    const { low, reverse } = this.#bounds;
    const base = !reverse && low.endsWith('/') ? baseAbove(low) : baseOf(low);
    return base.startsWith(this.#bottom) ? this.#reach(base) : undefined;
  }

  /** Leaves that come before what lies below `base`; undefined when there are none, and the groups of all bases above it are open. */
  #reach(base: Base): Leaf[] | undefined {
    const left = this.#leaveAllBut(base);
    if (left !== undefined) return left;
    for (let top = this.#open.at(-1); top?.base !== base; top = this.#open.at(-1)) {
      const next = top === undefined ? this.#bottom : base.slice(0, base.indexOf('/', top.base.length) + 1);
      const before = top && this.#take(next);
      if (before !== undefined) return before;
      this.#open.push(this.#run(next));
    }
    return undefined;
  }

  /** The rest of the leaves of groups that `base` does not lie below; undefined when there are none. */
  #leaveAllBut(base: Base | undefined): Leaf[] | undefined {
    for (let top = this.#open.at(-1); top !== undefined; top = this.#open.at(-1)) {
      if (base?.startsWith(top.base) === true) return undefined;
      const rest = top.take();
      if (rest.length > 0) return rest;
      // It was read to its end, and holds nothing.
      this.#open.pop();
    }
    return undefined;
  }

  /** Leaves of the deepest group before a path; undefined when there are none. */
  #take(limit: Path): Leaf[] | undefined {
    const leaves = this.#open.at(-1)?.take(limit);
    return leaves === undefined || leaves.length === 0 ? undefined : leaves;
  }

  #run(base: Base): GroupRun {
    const { low, high, isLowOut, reverse } = this.#bounds;
    const range: NameRange = {
      low: low.startsWith(base) ? low.slice(base.length) : undefined,
      isLowOut,
      high: high?.startsWith(base) === true ? high.slice(base.length) : undefined,
      reverse,
    };
    return new GroupRun(this.#reader, base, range, this.#group(base, range));
  }

  #group(base: Base, range: NameRange): KeyedGroup | Iterator<KeyedGroup> | undefined {
    const key = groupKey(base);
    const text = this.#stored(base, key);
    if (text === undefined) return undefined;
    return text === IN_PARTS ? this.#reader.parts(base, range) : { key, text };
  }

  #stored(base: Base, key: string): string | undefined {
    const found = this.#ahead;
    if (found?.key === key) return this.#reader.checkedGroup(key, found.value);
    // Upwards its key would have come by.
    const wasMet = !this.#bounds.reverse && base !== '' && comparePaths(base, this.#bounds.low) >= 0;
    return wasMet ? undefined : this.#reader.group(base);
  }
}

function boundsOf({ from = '', to, after, reverse = false }: TreeRange): Bounds {
  if (reverse) return { low: from, isLowOut: false, high: lower(after, to), reverse };
  const isBehind = after !== undefined && comparePaths(after, from) >= 0;
  return { low: isBehind ? after : from, isLowOut: isBehind, high: to, reverse };
}

/** LMDB travels from `start` to `end`, whichever way, and does not include the upper one here. */
function keysOf({ low, high, reverse }: Bounds): RangeOptions {
  const lowest = keyOf(low);
  const highest = keyOf(high ?? TOP);
  return reverse
    ? { reverse, start: highest, exclusiveStart: true, end: lowest, inclusiveEnd: true }
    : { start: lowest, end: highest };
}

function keyOf(path: Path): string {
  return path === '' ? LOWEST_PATH : path;
}

function bottomOf({ low, high }: Bounds): Base {
  let base = baseOf(low);
  while (base !== '' && (high === undefined || comparePaths(high, endOf(base) ?? '') > 0)) {
    base = baseAbove(base);
  }
  return base;
}

function lower(a: Path | undefined, b: Path | undefined): Path | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return comparePaths(a, b) < 0 ? a : b;
}
