import type { JsonValue } from './value.js';

/** Freezes a freshly parsed value, because the values of a store are frozen whatever its storage. */
export function freeze(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value;
  for (const item of Object.values(value)) freeze(item);
  return Object.freeze(value);
}
