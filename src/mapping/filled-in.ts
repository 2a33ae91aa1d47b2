import type { FieldMetadata } from '../metadata/types.js';

/** Whether a write or the store gives a field a value where the property has none. */
export function isFilledIn({ role, default: fallback }: FieldMetadata): boolean {
  return fallback !== undefined || (role !== 'plain' && role !== 'file');
}
