import type { Path } from './path.js';

const AT_OR_ABOVE_SURROGATES = /[\ud800-\uffff]/;

/**
 * A string whose ordinary (UTF-16) order is the order of `path`'s UTF-8 bytes, which is the order of a store
 * (PROTOCOL §1). UTF-16 puts the characters outside the basic plane, written with surrogates, before U+E000–U+FFFF;
 * UTF-8 puts them after. Swapping the two blocks mends it; {@link pathOfSortKey} swaps back.
 */
export function sortKeyOfPath(path: Path): string {
  return AT_OR_ABOVE_SURROGATES.test(path)
    ? mapUnits(path, (u) => (u < 0xe000 ? u + 0x2000 : u - 0x800))
    : path;
}

/** The path of a sort key. */
export function pathOfSortKey(key: string): Path {
  return AT_OR_ABOVE_SURROGATES.test(key) ? mapUnits(key, (u) => (u < 0xf800 ? u + 0x800 : u - 0x2000)) : key;
}

function mapUnits(text: string, map: (unit: number) => number): string {
  let mapped = '';
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    mapped += unit < 0xd800 ? text.charAt(i) : String.fromCharCode(map(unit));
  }
  return mapped;
}

/** Compares two paths in store order: negative, zero or positive. */
export function comparePaths(a: Path, b: Path): number {
  return compareKeys(sortKeyOfPath(a), sortKeyOfPath(b));
}

/** Items in the store order of their paths; those of one path stay as they came. */
export function inStoreOrder<T>(items: Iterable<T>, pathOf: (item: T) => Path): T[] {
  const keyed = Array.from(items, (item) => ({ key: sortKeyOfPath(pathOf(item)), item }));
  keyed.sort((a, b) => compareKeys(a.key, b.key));
  return keyed.map(({ item }) => item);
}

function compareKeys(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** A half-open range of paths in store order: from `from` (included) up to `to` (excluded). */
export interface PathRange {
  readonly from?: Path;
  readonly to?: Path;
}

/** The range of everything below `path`, without `path` itself: `/` is followed by `0` in byte order. */
export function rangeBelow(path: Path): { readonly from: Path; readonly to: Path } {
  return { from: `${path}/`, to: `${path}0` };
}
