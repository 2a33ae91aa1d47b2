import type { JsonValue } from './value.js';
import { isObject } from './value.js';

/** How values that JSON lacks are written, for those who map them and those who index them. */

const ISO_8601 = /^(?:\d{4}|[+-]\d{6})-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/;
const TIME_WITHOUT_ZONE = /T[\d:.]+$/;
const DECIMAL = /^-?\d+(?:\.\d+)?$/;
const DIGITS = /^-?\d+$/;

/**
 * The bare value of a `decimal` or `datetime` envelope, which a store reads back bare but broadcasts as it was
 * written (PROTOCOL §1); any other value as it is.
 */
export function bareValue(stored: JsonValue, type: 'decimal' | 'datetime'): JsonValue {
  return isObject(stored) && stored._type === type && stored._typed !== undefined ? stored._typed : stored;
}

/** What an envelope of type `json` holds, which is how an object is written that a store would not keep; else the value as it is. */
export function unwrapJson(stored: JsonValue): JsonValue {
  if (!isObject(stored) || stored._type !== 'json' || Object.keys(stored).length !== 2) return stored;
  const typed = stored._typed;
  return typed === undefined ? stored : typed;
}

/** The time that a stored date says, in milliseconds since the Unix epoch. A time without a zone is UTC on every machine. */
export function storedTime(stored: JsonValue): number | undefined {
  const text = bareValue(stored, 'datetime');
  if (typeof text !== 'string' || !ISO_8601.test(text)) return undefined;
  const zoned = text.endsWith('Z') || !TIME_WITHOUT_ZONE.test(text) ? text : `${text}Z`;
  const time = Date.parse(zoned);
  return Number.isNaN(time) ? undefined : time;
}

/** The decimal number that is stored, as text: `'12.50'` stays `'12.50'`. */
export function storedDecimal(stored: JsonValue): string | undefined {
  const bare = bareValue(stored, 'decimal');
  return isDecimalText(bare) ? bare : undefined;
}

/** Whether it is a decimal number as text, such as `'-12.50'`. */
export function isDecimalText(value: unknown): value is string {
  return typeof value === 'string' && DECIMAL.test(value);
}

/** The integer of any length that is stored, as digits: those of a string, or an integer that a number holds exactly. */
export function storedDigits(stored: JsonValue): string | undefined {
  if (typeof stored === 'string') return DIGITS.test(stored) ? stored : undefined;
  return typeof stored === 'number' && Number.isSafeInteger(stored) ? String(stored) : undefined;
}
