import { isDeepStrictEqual, types } from 'node:util';
import { comparePaths } from '../../protocol/paths/order.js';

/** Whether `value` is null or undefined. */
export function isNull(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** Whether `value` is an array. */
export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** Whether `value` is an object that is its members: no array, date, bytes, map or set. */
export function hasMembers(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === '[object Object]';
}

/**
 * Compares two values of one kind: strings by code point (the order of their UTF-8 bytes, as in a store), numbers and
 * bigints by value, false before true, dates by time, bytes one by one. `undefined` when they have no order.
 */
export function compareValues(a: unknown, b: unknown): number | undefined {
  if (typeof a === 'string') return typeof b === 'string' ? comparePaths(a, b) : undefined;
  if (typeof a === 'number' || typeof a === 'bigint') {
    return typeof b === 'number' || typeof b === 'bigint' ? threeWay(a, b) : undefined;
  }
  if (typeof a === 'boolean') return typeof b === 'boolean' ? Number(a) - Number(b) : undefined;
  if (types.isDate(a)) return types.isDate(b) ? threeWay(a.getTime(), b.getTime()) : undefined;
  if (types.isUint8Array(a)) return types.isUint8Array(b) ? Buffer.compare(a, b) : undefined;
  return undefined;
}

function threeWay<V extends number | bigint>(a: V, b: V): number | undefined {
  return a < b ? -1 : a > b ? 1 : a === b ? 0 : undefined;
}

/**
 * Whether two values have the same content: scalars as {@link compareValues} has it, arrays item by item, objects by
 * their own properties, leaving aside those that are undefined, and whatever their class. Objects that keep their
 * content to themselves are the same only when they are one.
 */
export function sameContent(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  const order = compareValues(a, b);
  if (order !== undefined) return order === 0;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (isList(a) || isList(b)) return isList(a) && isList(b) && sameItems(a, b);
  return types.isMap(a) || types.isSet(a) ? isDeepStrictEqual(a, b) : sameProperties(a, b);
}

/** Whether two lists have the same items in the same order. */
export function sameItems(a: readonly unknown[], b: readonly unknown[], same = sameContent): boolean {
  return a.length === b.length && a.every((item, i) => same(item, b[i]));
}

/** Whether two lists without duplicates have the same items, in whatever order. */
export function sameMembers(a: readonly unknown[], b: readonly unknown[], same = sameContent): boolean {
  return a.length === b.length && a.every((item) => b.some((other) => same(item, other)));
}

function sameProperties(a: object, b: object): boolean {
  const left = definedProperties(a);
  const right = new Map(definedProperties(b));
  if (left.length !== right.size || (left.length === 0 && !(isPlain(a) && isPlain(b)))) return false;
  return left.every(([key, value]) => right.has(key) && sameContent(value, right.get(key)));
}

function definedProperties(object: object): [string, unknown][] {
  return Object.entries(object).filter(([, value]) => value !== undefined);
}

function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  return prototype === Object.prototype || prototype === null;
}
