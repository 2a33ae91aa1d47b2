import type { JsonValue } from '../../protocol/value.js';
import { isObject } from '../../protocol/value.js';

/**
 * The bare value of a `decimal` or `datetime` envelope, which a store reads back bare but broadcasts as it was
 * written (PROTOCOL §1); any other value as it is.
 */
export function bareValue(stored: JsonValue, type: 'decimal' | 'datetime'): JsonValue {
  return isObject(stored) && stored._type === type && stored._typed !== undefined ? stored._typed : stored;
}
