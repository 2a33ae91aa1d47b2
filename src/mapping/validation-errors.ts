import type { ValidationError } from 'class-validator';
import type { EntityMetadata } from '../metadata/types.js';
import { EntityValidationError } from './errors.js';
import { propertiesOf } from './properties.js';

const MOST_SHOWN = 10;

/** `errors` and one more constraint, `isRequired`, on each of the `missing` properties. */
export function withRequired(
  errors: readonly ValidationError[],
  missing: readonly string[],
  entity: object,
  makeError: () => ValidationError,
): ValidationError[] {
  const merged = [...errors];
  for (const property of missing) {
    let error = merged.find((candidate) => candidate.property === property);
    if (error === undefined) {
      const value = propertiesOf(entity)[property];
      error = Object.assign(makeError(), { target: entity, value, property, children: [] });
      merged.push(error);
    }
    error.constraints = { isRequired: `${property} is required`, ...error.constraints };
  }
  return merged;
}

/** The error that says all of this, the first few constraints in words. */
export function validationFailed(
  metadata: EntityMetadata,
  slug: string | undefined,
  errors: ValidationError[],
): EntityValidationError {
  const failures = errors.flatMap((error) => failuresOf(error, ''));
  const shown = failures.slice(0, MOST_SHOWN).map((failure) => `\n  - ${failure}`);
  const more = failures.length - shown.length;
  const named = slug === undefined ? metadata.name : `${metadata.name} ${JSON.stringify(slug)}`;
  const text = `${named} is not valid; nothing was written:${shown.join('')}${more > 0 ? `\n  and ${more} more` : ''}`;
  return new EntityValidationError(metadata.name, slug, errors, text);
}

function failuresOf(
  { property, constraints = {}, children = [] }: ValidationError,
  parent: string,
): string[] {
  const path = parent === '' ? property : `${parent}.${property}`;
  return [
    ...Object.entries(constraints).map(([constraint, message]) => `${path}: ${message} (${constraint})`),
    ...children.flatMap((child) => failuresOf(child, path)),
  ];
}
