import { types } from 'node:util';
import { decodeBase64 } from '../../../protocol/values/base64.js';
import type { IndexedType, IndexedValue } from '../../../protocol/values/record-access.js';
import {
  isDecimalText,
  storedDecimal,
  storedDigits,
  storedTime,
} from '../../../protocol/values/stored-values.js';
import type { JsonValue } from '../../../protocol/values/value.js';
import type { ByteText } from './byte-text.js';
import { decimalOfText, decimalText } from './decimal-keys.js';
import { numberDigits, numberOfDigits } from './number-keys.js';
import { stringOfText, stringText } from './string-keys.js';

/** Ends every value. No value has it inside, and it is lower than whatever a value goes on with. */
export const VALUE_END = '\0';
/** Right behind {@link VALUE_END}: what a range of everything that begins with a value ends with. */
export const BEHIND_VALUE_END = '\x01';

/** A value that can be read begins with this. */
export const PRESENT = '0';
/** Null, which is right behind all of these, begins with this. */
export const BEHIND_PRESENT = '1';
const UNREADABLE = '2';

/** The key of null. */
export const NULL_KEY: ByteText = BEHIND_PRESENT + VALUE_END;
/** The key of all that cannot be read as the part's type. */
export const UNREADABLE_KEY: ByteText = UNREADABLE + VALUE_END;

/** Whether the key of a value is that of one that is there and can be read. */
export function isPresentKey(key: ByteText): boolean {
  return key.startsWith(PRESENT);
}

interface TypeKeys {
  /** The text of a stored value; undefined when it cannot be read. */
  readonly ofStored: (stored: JsonValue) => ByteText | undefined;
  /** The text of a value as a property holds it; undefined when it is of another type. */
  readonly ofValue: (value: Exclude<IndexedValue, null>) => ByteText | undefined;
  readonly read: (text: ByteText) => Exclude<IndexedValue, null>;
}

const numberText = (value: unknown): ByteText | undefined =>
  typeof value === 'number' && !Number.isNaN(value) ? numberDigits(value) : undefined;
const booleanText = (value: unknown): ByteText | undefined =>
  typeof value === 'boolean' ? (value ? '1' : '0') : undefined;
const textOfString = (value: unknown): ByteText | undefined =>
  typeof value === 'string' ? stringText(value) : undefined;
const hexOf = (bytes: Uint8Array): ByteText =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

const KEYS: Readonly<Record<IndexedType, TypeKeys>> = {
  string: { ofStored: textOfString, ofValue: textOfString, read: stringOfText },
  number: { ofStored: numberText, ofValue: numberText, read: numberOfDigits },
  boolean: { ofStored: booleanText, ofValue: booleanText, read: (text) => text === '1' },
  date: {
    ofStored: (stored) => numberText(storedTime(stored)),
    ofValue: numberText,
    read: numberOfDigits,
  },
  bigint: {
    ofStored: (stored) => mapped(storedDigits(stored), decimalText),
    ofValue: (value) => (typeof value === 'bigint' ? decimalText(value.toString()) : undefined),
    read: (text) => BigInt(decimalOfText(text)),
  },
  decimal: {
    ofStored: (stored) => mapped(storedDecimal(stored), decimalText),
    ofValue: (value) => (isDecimalText(value) ? decimalText(value) : undefined),
    read: decimalOfText,
  },
  bytes: {
    ofStored: (stored) => mapped(typeof stored === 'string' ? decodeBase64(stored) : undefined, hexOf),
    ofValue: (value) => (types.isUint8Array(value) ? hexOf(value) : undefined),
    read: (text) => new Uint8Array(Buffer.from(text, 'hex')),
  },
};

/** The types that values are read as. */
export const INDEXED_TYPES: ReadonlySet<unknown> = new Set(Object.keys(KEYS));

/** The key of what lies at a part; undefined is absent, as null is. */
export function storedKey(type: IndexedType, stored: JsonValue | undefined): ByteText {
  if (stored === undefined || stored === null) return NULL_KEY;
  const text = KEYS[type].ofStored(stored);
  return text === undefined ? UNREADABLE_KEY : PRESENT + text + VALUE_END;
}

/** The key of a value to look for; undefined when a part of this type can never have it. */
export function valueKey(type: IndexedType, value: IndexedValue): ByteText | undefined {
  if (value === null) return NULL_KEY;
  const text = KEYS[type].ofValue(value);
  return text === undefined ? undefined : PRESENT + text + VALUE_END;
}

/** The value of a key, null for what cannot be read. */
export function valueOfKey(type: IndexedType, key: ByteText): IndexedValue {
  return isPresentKey(key) ? KEYS[type].read(key.slice(PRESENT.length, -VALUE_END.length)) : null;
}

function mapped<T>(value: T | undefined, map: (value: T) => ByteText): ByteText | undefined {
  return value === undefined ? undefined : map(value);
}
