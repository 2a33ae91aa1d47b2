import { VALUE_SHAPE } from '../../protocol/values/shape.js';
import type { FaultPath } from '../codecs/codec.js';

/**
 * Where a schema has made something else of a value; undefined when it says the same. What the schema has left out is the same, and so are null
 * and undefined.
 */
export function firstDifference(given: unknown, made: unknown, depth = 0): FaultPath | undefined {
  if (given === made || Object.is(given, made) || (isNothing(given) && isNothing(made))) return undefined;
  // What is nested so deep is refused by its field.
  if (depth > VALUE_SHAPE.depth) return undefined;
  if (!isObject(given) || !isObject(made) || Array.isArray(given) !== Array.isArray(made)) return [];
  if (isBuiltIn(given) || isBuiltIn(made)) return isSameBuiltIn(given, made) ? undefined : [];
  if (Array.isArray(given) && Array.isArray(made) && given.length !== made.length) return [];
  for (const [key, value] of Object.entries(made)) {
    const inside = firstDifference(Reflect.get(given, key), value, depth + 1);
    if (inside !== undefined) return [Array.isArray(made) ? Number(key) : key, ...inside];
  }
  return undefined;
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isBuiltIn(value: object): boolean {
  return value instanceof Date || value instanceof Uint8Array;
}

function isSameBuiltIn(a: object, b: object): boolean {
  if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime());
  return a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0;
}
