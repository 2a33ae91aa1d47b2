import { storedTime } from '../../protocol/values/stored-values.js';
import type { FieldType } from '../../metadata/types.js';
import type { Codec } from './codec.js';

const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,9})?\s*$/;
const DIGITS = /^\s*-?\d+\s*$/;

/** What stands for a value of each type, turned into one; anything else stays as it is, for the codec to refuse. */
const COERCIONS: Partial<Record<FieldType, (value: unknown) => unknown>> = {
  date: (value) => {
    const time = typeof value === 'string' ? storedTime(value) : undefined;
    return time === undefined ? value : new Date(time);
  },
  integer: toNumber,
  float: toNumber,
  boolean: (value) => (value === 'true' ? true : value === 'false' ? false : value),
  bigint: (value) => {
    if (typeof value === 'string' && DIGITS.test(value)) return BigInt(value);
    return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
  },
};

/** How values of a type are coerced: ISO 8601 text to dates, text of numbers to numbers, `true` and `false`; undefined for other types. */
export function coercionOf(type: FieldType): ((value: unknown) => unknown) | undefined {
  return COERCIONS[type];
}

/** `codec`, which takes what can be coerced, too. */
export function coerced(codec: Codec, coerce: (value: unknown) => unknown): Codec {
  return { encode: (value) => codec.encode(coerce(value)), decode: codec.decode };
}

function toNumber(value: unknown): unknown {
  return typeof value === 'string' && NUMBER.test(value) ? Number(value) : value;
}
