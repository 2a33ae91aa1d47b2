import { badRequest } from '../errors.js';
import { revisionOf } from './parameters.js';
import type { TypedJson } from './typed-json.js';

/** The field `if_match` of an operation. @throws DustError `invalid_params` unless it is a positive integer */
export function ifMatchOf(operation: TypedJson): number | undefined {
  const { value } = operation.at('if_match');
  return value === undefined || value === null ? undefined : revisionOf(value);
}

/** The field `if_absent` of an operation. @throws DustError `invalid_params` unless it is true or false */
export function ifAbsentOf(operation: TypedJson): boolean {
  const { value } = operation.at('if_absent');
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  throw badRequest('"if_absent" is true or false.');
}
