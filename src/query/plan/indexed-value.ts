import { types } from 'node:util';
import type { IndexedValue } from '../../protocol/values/record-access.js';
import { compareDecimals } from '../values/decimal.js';
import type { Property } from '../values/property.js';
import { compareSlugs } from '../values/slug-order.js';
import { compareValues } from '../values/values.js';
import type { CompareValues, PresentValue } from './value-set.js';

/** Decimals are stored so; a where may be given `1e-7` as well, which no index has a place for. */
const PLAIN_DECIMAL = /^-?\d+(\.\d+)?$/;

/** What indexes know a property's value by; undefined for what no index is ordered by. */
export function indexedValueOf({ kind, shape }: Property, value: unknown): PresentValue | undefined {
  if (shape !== 'single') return undefined;
  switch (kind) {
    case 'slug':
    case 'string':
      return typeof value === 'string' ? value : undefined;
    case 'decimal':
      return typeof value === 'string' && PLAIN_DECIMAL.test(value) ? value : undefined;
    case 'enum':
      return typeof value === 'string' || typeof value === 'number' ? value : undefined;
    case 'integer':
    case 'float':
      return typeof value === 'number' ? value : undefined;
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'bigint':
      return typeof value === 'bigint' ? value : undefined;
    case 'date':
      return types.isDate(value) ? value.getTime() : undefined;
    case 'bytes':
      return types.isUint8Array(value) ? value : undefined;
    default:
      return undefined;
  }
}

/** As {@link indexedValueOf}, with null for null and undefined. */
export function indexedOrNull(property: Property, value: unknown): IndexedValue | undefined {
  return value === null || value === undefined ? null : indexedValueOf(property, value);
}

/** How indexes order the values of a property. */
export function indexedOrderOf({ kind }: Property): CompareValues {
  if (kind === 'slug') return (a, b) => compareSlugs(String(a), String(b));
  if (kind === 'decimal') return (a, b) => compareDecimals(String(a), String(b)) ?? 0;
  return (a, b) => compareValues(a, b) ?? 0;
}
