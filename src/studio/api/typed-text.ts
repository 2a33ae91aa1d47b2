import type { FieldMetadata } from '../../metadata/index.js';
import { decodeBase64 } from '../../protocol/values/base64.js';
import { isDecimalText, storedTime } from '../../protocol/values/stored-values.js';
import type { JsonValue } from '../../protocol/values/value.js';
import { badRequest } from '../errors.js';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,9})?$/;
const INTEGER = /^[+-]?\d{1,16}$/;
const DIGITS = /^-?\d{1,4000}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const TO_THE_MINUTE = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?$/;

/** How a value of one type is read that a person has typed. Undefined: the text is none. */
interface Reading {
  readonly expected: string;
  readonly read: (text: string) => unknown;
}

const READINGS: Readonly<Record<string, Reading>> = {
  string: { expected: 'text', read: (text) => text },
  integer: {
    expected: 'a whole number',
    read: (text) => {
      const number = INTEGER.test(text) ? Number(text) : NaN;
      return Number.isSafeInteger(number) ? number : undefined;
    },
  },
  float: { expected: 'a number', read: (text) => (NUMBER.test(text) ? Number(text) : undefined) },
  boolean: {
    expected: 'true or false',
    read: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  },
  date: { expected: 'a date, such as 2026-11-30 or 2026-11-30T06:10:00Z', read: readDate },
  bigint: { expected: 'a whole number', read: (text) => (DIGITS.test(text) ? BigInt(text) : undefined) },
  decimal: { expected: 'a decimal number', read: (text) => (isDecimalText(text) ? text : undefined) },
  bytes: { expected: 'bytes in base64', read: (text) => decodeBase64(text) },
  json: { expected: 'JSON', read: readJson },
  nested: { expected: 'JSON', read: readJson },
};

/** The types of values of a field, as far as typing one goes. */
export type TypedField = Pick<FieldMetadata, 'type' | 'enumValues'>;

/**
 * The value of a field's type (of an item's, of a list) that a person means by a text.
 *
 * @throws StudioRefusal that says what is expected
 */
export function typedValue(name: string, { type, enumValues }: TypedField, text: string): unknown {
  if (type === 'enum') {
    const values = enumValues ?? [];
    const found = values.find((value) => String(value) === text);
    if (found !== undefined) return found;
    throw badRequest(`${name} is one of ${values.join(', ')}, not ${JSON.stringify(text)}.`);
  }
  const reading = READINGS[type];
  if (reading === undefined) throw badRequest(`${name} cannot be typed.`);
  const trimmed = type === 'string' ? text : text.trim();
  const value = reading.read(trimmed);
  if (value === undefined) {
    throw badRequest(`${name} is ${reading.expected}, not ${JSON.stringify(shortened(text))}.`);
  }
  return value;
}

/** A field, as far as what it holds may be typed. */
type WholeField = TypedField & Pick<FieldMetadata, 'array' | 'nullable'>;

/**
 * What a person means by what the page has sent of a property: a text as it was typed, or JSON. Nothing, where null may be, is null.
 *
 * @throws StudioRefusal that says what is expected
 */
export function typedProperty(name: string, field: WholeField, value: JsonValue): unknown {
  const { array, nullable, type } = field;
  if (value === null) return null;
  if (value === '' && nullable && (type !== 'string' || array)) return null;
  if (!array) return typedItem(name, field, value);
  const list = typeof value === 'string' ? readJson(value) : value;
  if (!Array.isArray(list)) throw badRequest(`${name} is a list, written as JSON.`);
  return (list as readonly JsonValue[]).map((item) => typedItem(name, field, item));
}

function typedItem(name: string, field: TypedField, value: JsonValue): unknown {
  if (typeof value === 'string') return typedValue(name, field, value);
  return field.type === 'bigint' && typeof value === 'number' && Number.isSafeInteger(value)
    ? BigInt(value)
    : value;
}

function readDate(text: string): Date | undefined {
  if (DAY.test(text) || TO_THE_MINUTE.test(text)) {
    const date = new Date(DAY.test(text) ? text : `${text.replace(' ', 'T')}Z`);
    return Number.isNaN(date.getTime()) ? undefined : date;
  }
  const time = storedTime(text);
  return time === undefined ? undefined : new Date(time);
}

function readJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
