import type { IndexedType } from '../../protocol/values/record-access.js';
import type { FieldMetadata, FieldType } from '../types.js';

const TYPES: Partial<Record<FieldType, IndexedType>> = {
  string: 'string',
  integer: 'number',
  float: 'number',
  boolean: 'boolean',
  date: 'date',
  bigint: 'bigint',
  decimal: 'decimal',
  bytes: 'bytes',
};

/**
 * How an index reads the stored values of a field, which are those behind its transformers; undefined where they have no
 * order: lists, sets, files, JSON, nested objects as a whole, the version, which is not stored, and an enum of both
 * strings and numbers.
 */
export function indexedTypeOf({
  type,
  array,
  role,
  enumValues = [],
}: FieldMetadata): IndexedType | undefined {
  if (array || role === 'version') return undefined;
  if (type !== 'enum') return TYPES[type];
  const [first, ...others] = new Set(enumValues.map((value) => typeof value));
  if (others.length > 0) return undefined;
  return first === 'number' ? 'number' : 'string';
}

/** Why a field that has no {@link indexedTypeOf} cannot be indexed, and what to do, in full sentences. */
export function notIndexed({ type, array, role, propertyName, nestedFields = [] }: FieldMetadata): string {
  if (role === 'version') return 'the version is the revision of the record, which is not stored.';
  if (role === 'set') return 'a set has no order. Find records by its members with a where.';
  if (array) return 'a list is stored as one value, which has no order.';
  if (role === 'file') return 'a file has no order.';
  switch (type) {
    case 'nested': {
      const [first] = nestedFields;
      const example = `'${propertyName}.${first?.propertyName ?? 'city'}'`;
      return `a nested object has no order as a whole. Name its parts, such as ${example}, or put @Index() on properties of its class.`;
    }
    case 'enum':
      return 'its values are strings and numbers, which have no common order.';
    default:
      return 'values of type json have no order. Give the field another type.';
  }
}
