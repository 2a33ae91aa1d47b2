import { types } from 'node:util';
import { isFindOperator } from './find-operator.js';

const MAX_TEXT = 40;

/** A value in a few words, for error messages: `the string "5"`, `the number 5`, `null`, `an array`. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return `the string ${JSON.stringify(value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value)}`;
    case 'number':
    case 'boolean':
      return `the ${typeof value} ${String(value)}`;
    case 'bigint':
      return `the bigint ${String(value)}n`;
    case 'object':
      return value === null ? 'null' : describeObject(value);
    default:
      return value === undefined ? 'undefined' : `a ${typeof value}`;
  }
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : 'an array';
  if (isFindOperator(value)) return `the operator ${value.operator}`;
  if (types.isDate(value)) return Number.isNaN(value.getTime()) ? 'an invalid Date' : 'a Date';
  if (types.isPromise(value)) return 'a Promise (is an await missing?)';
  if (types.isUint8Array(value)) return 'a Uint8Array';
  return 'an object';
}
