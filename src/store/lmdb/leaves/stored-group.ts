import { comparePaths } from '../../../protocol/order.js';
import type { JsonValue, Leaf, LeafType } from '../../../protocol/value.js';
import { leafTypeOf } from '../../../protocol/value.js';
import { freeze } from '../stored-leaf.js';
import type { Base } from './group-key.js';

/** A type that is the one its value has by itself, which most have. */
const OWN_TYPE = 0;

/** A leaf in its group: its name is the last segment of its path. A leaf that is large lies elsewhere, and is only named. */
export type StoredEntry =
  | readonly [name: string, revision: number, type: LeafType | typeof OWN_TYPE, value: JsonValue]
  | readonly [name: string];

/** The leaves that lie directly below one path, or a part of them, in store order, written as JSON text. Never empty. */
export type StoredGroup = readonly StoredEntry[];

/** Stands in the place of a group that is split into parts. */
export const IN_PARTS = 'parts';

/** A leaf as it is stored in its group. */
export function toEntry({ value, type, revision }: Leaf, name: string): StoredEntry {
  return [name, revision, type === leafTypeOf(value) ? OWN_TYPE : type, value];
}

/** The leaf of an entry, undefined for one that lies elsewhere. */
export function leafOf(base: Base, entry: StoredEntry): Leaf | undefined {
  if (entry.length === 1) return undefined;
  const [name, revision, type, value] = entry;
  return {
    path: base + name,
    value: freeze(value),
    type: type === OWN_TYPE ? leafTypeOf(value) : type,
    revision,
  };
}

/** Whether it is what a group is stored as. Text that a damaged page holds by chance can be something else. */
export function isStoredGroup(stored: unknown): stored is StoredGroup {
  return Array.isArray(stored) && stored.length > 0 && stored.every(isStoredEntry);
}

/** Whether it is what a leaf is stored as in its group. */
export function isStoredEntry(entry: unknown): entry is StoredEntry {
  if (!Array.isArray(entry) || typeof entry[0] !== 'string') return false;
  if (entry.length === 1) return true;
  const [, revision, type, value] = entry as readonly unknown[];
  const hasType = type === OWN_TYPE || typeof type === 'string';
  return entry.length === 4 && typeof revision === 'number' && hasType && value !== undefined;
}

/** Where the entry with a name is, or, below zero, the complement of where it belongs. */
export function placeIn(entries: StoredGroup, name: string): number {
  for (let i = 0; i < entries.length && i < FEW; i++) if (entries[i]?.[0] === name) return i;
  let low = 0;
  let high = entries.length;
  // Mostly names arrive in their order.
  if (isBefore(entries[high - 1], name)) return ~high;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(entries[middle], name)) low = middle + 1;
    else high = middle;
  }
  return entries[low]?.[0] === name ? low : ~low;
}

/** So many names are compared one by one faster than by their order. */
const FEW = 12;

function isBefore(entry: StoredEntry | undefined, name: string): boolean {
  return entry !== undefined && comparePaths(entry[0], name) < 0;
}
