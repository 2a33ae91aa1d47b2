import { bulkLoad } from 'sorted-btree/extended/bulkLoad.js';

const NODE_SIZE = 64;

/** A map in the order of its keys' UTF-16 units. */
export type SortedMap<V> = ReturnType<typeof bulkLoad<string, V>>;

/** An empty {@link SortedMap}. `bulkLoad` is the one constructor that ESM and CommonJS import alike. */
export function createSortedMap<V>(): SortedMap<V> {
  return bulkLoad<string, V>([], [], NODE_SIZE, compareKeys);
}

function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
