import type { ValidationError } from 'class-validator';
import type { CodecFault, FaultPath } from './codecs/codec.js';

/** A property of an entity with a value that cannot be stored, or without one where there must be one. */
export interface FieldFault {
  readonly property: string;
  readonly fault: CodecFault;
}

/** An error of one property in the form of class-validator's, for what is found without it. */
class PropertyError implements ValidationError {
  target?: object;
  value?: unknown;
  property = '';
  constraints?: Record<string, string>;
  children: ValidationError[] = [];

  /** The messages, one a line. */
  toString(): string {
    const own = Object.values(this.constraints ?? {}).map((message) => `${this.property}: ${message}`);
    return [...own, ...this.children.map(String)].join('\n');
  }
}

/** `errors` of an entity and what these faults say of its properties, each at its place. */
export function withFaults(
  errors: readonly ValidationError[],
  faults: readonly FieldFault[],
  entity: object,
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- it has all that those of class-validator have, which need not be loaded for it.
  makeError: () => ValidationError = () => new PropertyError(),
): ValidationError[] {
  const merged = [...errors];
  for (const { property, fault } of faults) {
    const error = errorAt(merged, [property, ...fault.path], entity, makeError);
    const { rule } = fault;
    // What class-validator says of the same is in its own words; ours comes first, as the cause of the others.
    error.constraints = { [rule]: messageOf(error.property, fault), ...error.constraints };
  }
  return merged;
}

/** Names what was found, but not the value: the message may be for somebody who must not see it. */
function messageOf(property: string, { rule, inside, expected, found, cause }: CodecFault): string {
  switch (rule) {
    case 'isRequired':
      return `${property} is required`;
    case 'isNotNull':
      return `${property} must not be null`;
    case 'isStorable':
      return `${property}${inside} must be ${expected}${isValue(found) || cause !== undefined ? '' : `, not ${found}`}`;
  }
}

function isValue(found: string): boolean {
  return /^the (?:string|number) "?/.test(found);
}

/** The error at a path, made with those above it when there is none. */
function errorAt(
  errors: ValidationError[],
  [key, ...rest]: FaultPath,
  target: object,
  makeError: () => ValidationError,
): ValidationError {
  const property = String(key);
  const value: unknown = Reflect.get(target, property);
  let error = errors.find((candidate) => candidate.property === property);
  if (error === undefined) {
    errors.push((error = Object.assign(makeError(), { target, value, property, children: [] })));
  }
  if (rest.length === 0) return error;
  const inner = typeof value === 'object' && value !== null ? value : target;
  return errorAt((error.children ??= []), rest, inner, makeError);
}
