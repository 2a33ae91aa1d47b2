import type { ValidationError } from 'class-validator';
import type { DustError } from '../errors.js';
import { isDustError } from '../errors.js';

/** What class-validator found, property by property; a nested one has a path such as `address.street`. */
export type FieldMessages = ReadonlyMap<string, readonly string[]>;

/**
 * The messages of an error of kind `validation` or `invalid_value`, or of the one that is its cause. Nothing else of it is
 * for clients: what class-validator found holds the entity with all of its values. Empty when there are none.
 */
export function fieldMessages(error: DustError): FieldMessages {
  const errors: unknown = Reflect.get(error, 'errors');
  if (isListOfErrors(errors)) return new Map(errors.flatMap((each) => messagesOf(each, '')));
  const property: unknown = error.kind === 'invalid_value' ? Reflect.get(error, 'property') : undefined;
  if (typeof property === 'string') {
    return new Map([[property, [`${property} has a value that cannot be stored`]]]);
  }
  return isDustError(error.cause, error.kind) ? fieldMessages(error.cause) : new Map();
}

function messagesOf(error: ValidationError, parent: string): [path: string, messages: readonly string[]][] {
  const { constraints = {}, children = [], property } = error;
  const path = parent === '' ? property : `${parent}.${property}`;
  // As Nest's ValidationPipe has it: the message names its property, and the parent stands before it.
  const own = Object.values(constraints).map((message) => (parent === '' ? message : `${parent}.${message}`));
  return [
    ...(own.length === 0 ? [] : [[path, own] as [string, readonly string[]]]),
    ...children.flatMap((child) => messagesOf(child, path)),
  ];
}

function isListOfErrors(value: unknown): value is readonly ValidationError[] {
  return (
    Array.isArray(value) &&
    value.every((each: unknown) => typeof each === 'object' && each !== null && 'property' in each)
  );
}
