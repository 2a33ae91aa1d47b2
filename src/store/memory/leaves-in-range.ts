import { sortKeyOfPath } from '../../protocol/order.js';
import type { Leaf } from '../../protocol/value.js';
import type { TreeRange } from '../leaf-tree.js';
import type { SortedMap } from './sorted-map.js';

/** A place for a leaf. */
export interface LeafSlot {
  readonly leaf: Leaf | undefined;
}

/** The leaves of a range, in its direction of travel, from a map whose keys are sort keys ({@link sortKeyOfPath}). */
export function leavesInRange(map: SortedMap<LeafSlot>, range: TreeRange): Iterable<Leaf> {
  const low = keyOf(range.from);
  const high = keyOf(range.to);
  const behind = keyOf(range.after);
  return range.reverse === true ? descending(map, low, high, behind) : ascending(map, low, high, behind);
}

type Key = string | undefined;

function* ascending(
  map: SortedMap<LeafSlot>,
  low: Key,
  high: Key,
  behind: Key,
): Generator<Leaf, void, undefined> {
  const start = low === undefined || (behind !== undefined && behind > low) ? behind : low;
  for (const [key, { leaf }] of map.entries(start)) {
    if (high !== undefined && key >= high) return;
    if (key !== behind && leaf !== undefined) yield leaf;
  }
}

function* descending(
  map: SortedMap<LeafSlot>,
  low: Key,
  high: Key,
  behind: Key,
): Generator<Leaf, void, undefined> {
  const start = high === undefined || (behind !== undefined && behind < high) ? behind : high;
  for (const [key, { leaf }] of map.entriesReversed(start, undefined, true)) {
    if (low !== undefined && key < low) return;
    if (leaf !== undefined) yield leaf;
  }
}

function keyOf(path: string | undefined): Key {
  return path === undefined ? undefined : sortKeyOfPath(path);
}
