import { bulkLoad } from 'sorted-btree/extended/bulkLoad.js';
import { sortKeyOfPath } from '../../protocol/order.js';
import type { TreeRange } from '../leaf-tree.js';

const NODE_SIZE = 64;

/** A map from sort keys ({@link sortKeyOfPath}) to `V`, in store order. */
export type SortedMap<V> = ReturnType<typeof bulkLoad<string, V>>;

/** An empty {@link SortedMap}. `bulkLoad` is the one constructor that ESM and CommonJS import alike. */
export function createSortedMap<V>(): SortedMap<V> {
  return bulkLoad<string, V>([], [], NODE_SIZE, compareKeys);
}

/** The values of a range of paths, in its direction of travel. */
export function valuesInRange<V>(map: SortedMap<V>, range: TreeRange): Iterable<V> {
  const low = keyOf(range.from);
  const high = keyOf(range.to);
  const behind = keyOf(range.after);
  return range.reverse === true ? descending(map, low, high, behind) : ascending(map, low, high, behind);
}

type Key = string | undefined;

function* ascending<V>(map: SortedMap<V>, low: Key, high: Key, behind: Key): Generator<V, void, undefined> {
  const start = low === undefined || (behind !== undefined && behind > low) ? behind : low;
  for (const [key, value] of map.entries(start)) {
    if (high !== undefined && key >= high) return;
    if (key !== behind) yield value;
  }
}

function* descending<V>(map: SortedMap<V>, low: Key, high: Key, behind: Key): Generator<V, void, undefined> {
  const start = high === undefined || (behind !== undefined && behind < high) ? behind : high;
  for (const [key, value] of map.entriesReversed(start, undefined, true)) {
    if (low !== undefined && key < low) return;
    yield value;
  }
}

function keyOf(path: string | undefined): Key {
  return path === undefined ? undefined : sortKeyOfPath(path);
}

function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
