import { types } from 'node:util';
import { isDecimal } from '../values/decimal.js';
import { invalidOperand, missingValue, operandTooDeep } from '../values/errors.js';
import { isFindOperator } from '../operators/find-operator.js';
import type { Property } from '../values/property.js';
import { isList, isNull } from '../values/values.js';

interface Kind {
  readonly expected: string;
  accepts(value: unknown): boolean;
}

/** No value that is stored is nested deeper. */
const MAX_DEPTH = 500;

const TEXT: Kind = { expected: 'a string', accepts: (value) => typeof value === 'string' };
const NUMBER: Kind = {
  expected: 'a number',
  accepts: (value) => typeof value === 'number' && !Number.isNaN(value),
};
const CONTENT: Kind = {
  expected: 'a plain value without operators or functions inside',
  accepts: isContent,
};

const KINDS: Readonly<Record<Exclude<Property['kind'], 'enum'>, Kind>> = {
  slug: TEXT,
  string: TEXT,
  integer: NUMBER,
  float: NUMBER,
  boolean: { expected: 'a boolean', accepts: (value) => typeof value === 'boolean' },
  date: {
    expected: 'a valid Date',
    accepts: (value) => types.isDate(value) && !Number.isNaN(value.getTime()),
  },
  bigint: { expected: 'a bigint', accepts: (value) => typeof value === 'bigint' },
  decimal: {
    expected: 'a decimal number as a string',
    accepts: (value) => typeof value === 'string' && isDecimal(value),
  },
  bytes: { expected: 'a Uint8Array', accepts: (value) => types.isUint8Array(value) },
  json: CONTENT,
  nested: CONTENT,
  file: CONTENT,
};

/** A value for the property to be equal to. @throws DustError `invalid_criteria` */
export function checkValue(property: Property, operator: string, value: unknown): void {
  if (property.shape === 'single') checkItem(property, operator, value);
  else if (isNull(value)) throw missingValue(property, value);
  else checkItems(property, operator, value);
  if (property.kind === 'slug' && !isSlug(value)) {
    throw invalidOperand(property, operator, 'a well-formed, non-empty string', value);
  }
}

/** A value for items of the property (for the property itself, when it is `single`). @throws DustError `invalid_criteria` */
export function checkItem(property: Property, operator: string, item: unknown): void {
  checkKind(property, operator, kindOf(property), item);
}

/** Plain content, whatever the property holds. @throws DustError `invalid_criteria` */
export function checkContent(property: Property, operator: string, value: unknown): void {
  checkKind(property, operator, CONTENT, value);
}

/** Values for items of the property. @throws DustError `invalid_criteria` */
export function checkItems(property: Property, operator: string, value: unknown): readonly unknown[] {
  if (!isList(value)) {
    throw invalidOperand(property, operator, `an array, each item ${kindOf(property).expected}`, value);
  }
  for (const item of value) checkItem(property, operator, item);
  return value;
}

/** Whether a record can have this slug. */
export function isSlug(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.isWellFormed();
}

function checkKind(property: Property, operator: string, kind: Kind, item: unknown): void {
  if (isNull(item)) throw missingValue(property, item);
  if (kind === CONTENT && isTooDeep(item)) throw operandTooDeep(property, operator, MAX_DEPTH);
  if (!kind.accepts(item)) throw invalidOperand(property, operator, kind.expected, item);
}

function kindOf(property: Property): Kind {
  if (property.kind !== 'enum') return KINDS[property.kind];
  const values: readonly unknown[] = property.enumValues;
  return {
    expected: `one of ${property.enumValues.map((value) => JSON.stringify(value)).join(', ')}`,
    accepts: (value) => values.includes(value),
  };
}

/** An operator inside a value would be compared as data and silently match nothing. */
function isContent(value: unknown): boolean {
  return [...levelsOf(value)].every((level) =>
    level.every((part) => typeof part !== 'function' && typeof part !== 'symbol' && !isFindOperator(part)),
  );
}

/** The innermost value is on a level of its own. */
function isTooDeep(value: unknown): boolean {
  return [...levelsOf(value)].length > MAX_DEPTH + 1;
}

/** The value, what is in it, what is in that, and so on; without recursion, as there may be more levels than stack. */
function* levelsOf(value: unknown): Generator<readonly unknown[], void, undefined> {
  const seen = new Set<unknown>();
  for (let level = [value]; level.length > 0;) {
    yield level;
    level = level.flatMap((part) => {
      if (typeof part !== 'object' || part === null || seen.has(part) || types.isUint8Array(part)) return [];
      seen.add(part);
      return Object.values(part) as unknown[];
    });
  }
}
