import { types } from 'node:util';
import { isFindOperator } from '../../query/index.js';

/** A text that only equal options have; undefined for options with something in them that no text says exactly. */
export function exactText(options: unknown): string | undefined {
  const parts: string[] = [];
  return write(options, parts, 0) ? parts.join('') : undefined;
}

/** Deeper options are not told from each other. */
const MAX_DEPTH = 20;

function write(value: unknown, parts: string[], depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  if (typeof value === 'string') parts.push(JSON.stringify(value));
  else if (typeof value !== 'object' || value === null) {
    if (typeof value === 'function' || typeof value === 'symbol') return false;
    parts.push(`${typeof value}:${String(value)}`);
  } else if (types.isDate(value)) parts.push(`date:${value.getTime()}`);
  else if (types.isUint8Array(value)) parts.push(`bytes:${Buffer.from(value).toString('base64')}`);
  else if (isFindOperator(value)) {
    parts.push(value.operator);
    return write(value.operands, parts, depth + 1);
  } else if (Array.isArray(value)) {
    parts.push(`[${value.length}`);
    return writeAll(value, parts, depth);
  } else {
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype !== Object.prototype && prototype !== null) return false;
    parts.push(`{${JSON.stringify(Object.keys(value))}`);
    return writeAll(Object.values(value), parts, depth);
  }
  return true;
}

/** Writes the parts of a value; how many there are was written before. */
function writeAll(values: readonly unknown[], parts: string[], depth: number): boolean {
  for (const value of values) if (!write(value, parts, depth + 1)) return false;
  return true;
}
