import { types } from 'node:util';

/**
 * A value as JSON text, by its own enumerable properties: dates in ISO 8601, bigints as strings, bytes in base64, sets
 * as arrays. What class-transformer's decorators say is not regarded.
 */
export function serializeJson(value: unknown): string {
  return JSON.stringify(value ?? null, replace);
}

/** Looks at the holder's property because `value` has already been through its own `toJSON`, as a Buffer's has. */
function replace(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  const original = this[key];
  if (typeof original === 'bigint') return original.toString();
  if (types.isUint8Array(original)) return Buffer.from(original).toString('base64');
  return types.isSet(original) ? [...original] : value;
}
