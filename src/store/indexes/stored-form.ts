import type { IndexedType, IndexedValue } from '../../protocol/values/record-access.js';
import type { JsonValue } from '../../protocol/values/value.js';

/** A value of an index as it would be stored, for those who print errors as JSON. */
export function storedForm(value: IndexedValue, type?: IndexedType): JsonValue {
  if (typeof value === 'bigint') return value.toString();
  if (type === 'date' && typeof value === 'number') return new Date(value).toISOString();
  if (typeof value !== 'object' || value === null) return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
}
