import type { Path } from '../../protocol/path.js';
import type { IndexedType, IndexedValue } from '../../protocol/record-access.js';
import type { JsonValue } from '../../protocol/value.js';

const MOST_SHOWN = 80;

/** A value of an index as it would be stored, for those who print errors as JSON. */
export function storedForm(value: IndexedValue, type?: IndexedType): JsonValue {
  if (typeof value === 'bigint') return value.toString();
  if (type === 'date' && typeof value === 'number') return new Date(value).toISOString();
  if (typeof value !== 'object' || value === null) return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
}

/** `email "a@b.c"`, `year 2020 and number 7`. */
export function describeValues(paths: readonly Path[], values: readonly JsonValue[]): string {
  return paths.map((path, i) => `${path} ${shown(values[i] ?? null)}`).join(' and ');
}

function shown(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN).toWellFormed()}…` : text;
}
