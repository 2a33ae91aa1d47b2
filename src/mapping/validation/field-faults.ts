import type { PropertyError } from '../peers/peer-types.js';
import type { CodecFault, FaultPath } from '../codecs/codec.js';
import type { SchemaFault } from '../schemas/ask-schema.js';

/** A property of an entity with a value that cannot be stored, or without one where there must be one. */
export interface FieldFault {
  readonly property: string;
  readonly fault: CodecFault;
}

/** An error of one property in the form of class-validator's, for what is found without it. */
class FoundError implements PropertyError {
  target?: object;
  value?: unknown;
  property = '';
  constraints?: Record<string, string>;
  children: PropertyError[] = [];

  /** The messages, one a line. */
  toString(): string {
    const own = Object.values(this.constraints ?? {}).map((message) => `${this.property}: ${message}`);
    return [...own, ...this.children.map(String)].join('\n');
  }
}

/** `errors` of an entity and what these faults say of its properties, each at its place. */
export function withFaults(
  errors: readonly PropertyError[],
  faults: readonly FieldFault[],
  entity: object,

  makeError: () => PropertyError = () => new FoundError(),
): PropertyError[] {
  const merged = [...errors];
  for (const { property, fault } of faults) {
    const error = errorAt(merged, [property, ...fault.path], entity, makeError);
    const { rule } = fault;
    // What class-validator says of the same is in its own words; ours comes first, as the cause of the others.
    error.constraints = { [rule]: messageOf(error.property, fault), ...error.constraints };
  }
  return merged;
}

/** What the mapper itself says of a property, after which a schema has nothing to add. */
const OWN_RULES = ['isRequired', 'isNotNull', 'isStorable'];

/** `errors` of an entity and what schemas refuse of it, each at its place: constraints `schema`, `schema2` and so on. */
export function withSchemaFaults(
  errors: readonly PropertyError[],
  faults: readonly SchemaFault[],
  entity: object,
  makeError: () => PropertyError = () => new FoundError(),
): PropertyError[] {
  const merged = [...errors];
  for (const { path, message } of faults) {
    const error = errorAt(merged, path.length === 0 ? [''] : path, entity, makeError);
    const said = error.constraints ?? {};
    if (OWN_RULES.some((rule) => rule in said) || Object.values(said).includes(message)) continue;
    error.constraints = { ...said, [schemaConstraint(said)]: message };
  }
  return merged;
}

function schemaConstraint(said: Record<string, string>): string {
  for (let number = 1; ; number++) {
    const name = number === 1 ? 'schema' : `schema${number}`;
    if (!(name in said)) return name;
  }
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
  errors: PropertyError[],
  [key, ...rest]: FaultPath,
  target: object,
  makeError: () => PropertyError,
): PropertyError {
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
