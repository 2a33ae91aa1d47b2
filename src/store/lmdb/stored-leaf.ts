import { freeze } from '../../protocol/values/freeze.js';
import type { Path } from '../../protocol/paths/path.js';
import type { JsonValue, Leaf, LeafType } from '../../protocol/values/value.js';

/**
 * A leaf as it is stored under its path, written as JSON text: exact for every number, and a property named
 * `__proto__` stays a property.
 */
export type StoredLeaf = readonly [revision: number, type: LeafType, value: JsonValue];

/** What is stored for a leaf whose value is `json`. */
export function textOfLeaf({ revision, type }: Leaf, json: string): string {
  return `[${revision},${JSON.stringify(type)},${json}]`;
}

/** The leaf at `path` of which this is stored; undefined when it cannot be read. */
export function leafIn(path: Path, text: string): Leaf | undefined {
  try {
    const stored: unknown = JSON.parse(text);
    return isStoredLeaf(stored) ? fromStored(path, stored) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether it is what is stored for a leaf. Text that a damaged page holds by chance can be something else. */
export function isStoredLeaf(stored: unknown): stored is StoredLeaf {
  return (
    Array.isArray(stored) &&
    stored.length === 3 &&
    typeof stored[0] === 'number' &&
    typeof stored[1] === 'string' &&
    stored[2] !== undefined
  );
}

/** The leaf that was stored at `path`. */
export function fromStored(path: Path, [revision, type, value]: StoredLeaf): Leaf {
  return { path, value: freeze(value), type, revision };
}
