import type { ValidationError } from 'class-validator';
import type { CodecFault, FaultPath } from './codecs/codec.js';

/** A property of an entity with a value that cannot be stored, or without one where there must be one. */
export interface FieldFault {
  readonly property: string;
  readonly fault: CodecFault;
}

/** An error of one property in the form of class-validator's, for what is found without it. */
export class PropertyError implements ValidationError {
  readonly target: object;
  readonly value: unknown;
  readonly property: string;
  constraints?: Record<string, string>;
  children: ValidationError[] = [];

  constructor(target: object, property: string) {
    this.target = target;
    this.property = property;
    this.value = valueAt(target, property);
  }

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
): ValidationError[] {
  const merged = [...errors];
  for (const { property, fault } of faults) {
    const error = errorAt(merged, [property, ...fault.path], entity);
    const { rule } = fault;
    // What class-validator says of the same is in its own words; ours comes first, as the cause of the others.
    error.constraints = { [rule]: messageOf(error.property, fault), ...error.constraints };
  }
  return merged;
}

function messageOf(property: string, { rule, inside, expected, found }: CodecFault): string {
  switch (rule) {
    case 'isRequired':
      return `${property} is required`;
    case 'isNotNull':
      return `${property} must not be null`;
    case 'isStorable':
      return `${property}${inside} cannot be stored: expected ${expected}, found ${found}`;
  }
}

/** The error at a path, made with those above it when there is none. */
function errorAt(errors: ValidationError[], path: FaultPath, target: object): ValidationError {
  const [key, ...rest] = path;
  const property = String(key);
  let error = errors.find((candidate) => candidate.property === property);
  if (error === undefined) errors.push((error = new PropertyError(target, property)));
  if (rest.length === 0) return error;
  const value: unknown = valueAt(target, property);
  const inner = typeof value === 'object' && value !== null ? value : target;
  return errorAt((error.children ??= []), rest, inner);
}

function valueAt(target: object, property: string): unknown {
  return Reflect.get(target, property);
}
