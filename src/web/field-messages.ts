import type { DustError } from '../errors.js';
import { isDustError } from '../errors.js';
import type { PropertyError } from '../mapping/index.js';

/** What class-validator found, property by property; a nested one has a path such as `address.street`. */
export type FieldMessages = ReadonlyMap<string, readonly string[]>;

/**
 * The messages of an error of kind `validation` or `invalid_value`, or of the one that is its cause. Nothing else of it is
 * for clients: what class-validator found holds the entity with all of its values. Empty when there are none.
 */
export function fieldMessages(error: DustError): FieldMessages {
  const errors: unknown = Reflect.get(error, 'errors');
  if (isListOfErrors(errors)) return new Map(errors.flatMap((each) => messagesOf(each)));
  const property: unknown = error.kind === 'invalid_value' ? Reflect.get(error, 'property') : undefined;
  if (typeof property === 'string') {
    const what = error.detail === 'slug_changed' ? 'cannot be changed' : 'has a value that cannot be stored';
    return new Map([[property, [`${property} ${what}`]]]);
  }
  return isDustError(error.cause, error.kind) ? fieldMessages(error.cause) : new Map();
}

/** Whether a value that cannot be stored is among what is wrong: the client's, or one that the service has worked out. */
export function tellsOfValues(error: DustError): boolean {
  const errors: unknown = Reflect.get(error, 'errors');
  return error.kind === 'invalid_value' || (isListOfErrors(errors) && errors.some(holdsValue));
}

function holdsValue({ constraints = {}, children = [] }: PropertyError): boolean {
  return 'isStorable' in constraints || children.some((child) => holdsValue(child));
}

function isOfSchema(constraint: string): boolean {
  return /^schema\d*$/.test(constraint);
}

function messagesOf(
  error: PropertyError,
  above = '',
  path = error.property,
): [path: string, messages: readonly string[]][] {
  const { constraints = {}, children = [] } = error;
  const value: unknown = error.value;
  // As Nest's ValidationPipe has it: the message names its property, and the parent stands before it.
  const own = Object.entries(constraints).map(([constraint, message]) => {
    // A schema does not name what it speaks of, and of a record as a whole there is no name.
    if (isOfSchema(constraint)) return path === '' ? message : `${path}: ${message}`;
    return above === '' ? message : `${above}.${message}`;
  });
  return [
    ...(own.length === 0 ? [] : [[path, own] as [string, readonly string[]]]),
    ...children.flatMap((child) => messagesOf(child, path, pathBelow(path, value, child))),
  ];
}

/** `home.city`, and of an item of a list `items[2]`. */
function pathBelow(parent: string, value: unknown, { property }: PropertyError): string {
  return Array.isArray(value) ? `${parent}[${property}]` : `${parent}.${property}`;
}

function isListOfErrors(value: unknown): value is readonly PropertyError[] {
  return (
    Array.isArray(value) &&
    value.every((each: unknown) => typeof each === 'object' && each !== null && 'property' in each)
  );
}
