import type { EntityMetadata } from '../../metadata/types.js';
import type { PropertyError } from '../peers/peer-types.js';
import { EntityValidationError } from '../errors.js';

const MOST_SHOWN = 10;

/** The error that says all of this, the first few constraints in words. */
export function validationFailed(
  metadata: EntityMetadata,
  slug: string | undefined,
  errors: PropertyError[],
): EntityValidationError {
  const failures = errors.flatMap((error) => failuresOf(error));
  const shown = failures.slice(0, MOST_SHOWN).map((failure) => `\n  - ${failure}`);
  const more = failures.length - shown.length;
  const named = slug === undefined ? metadata.name : `${metadata.name} ${JSON.stringify(slug)}`;
  const text = `${named} is not valid; nothing was written:${shown.join('')}${more > 0 ? `\n  and ${more} more` : ''}`;
  return new EntityValidationError(metadata.name, slug, errors, text);
}

function failuresOf(
  { property, constraints = {}, children = [], value }: PropertyError,
  path = property,
): string[] {
  return [
    ...Object.entries(constraints).map(([constraint, message]) =>
      // What is said of the record as a whole has no path.
      path === '' ? `${message} (${constraint})` : `${path}: ${message} (${constraint})`,
    ),
    ...children.flatMap((child) => failuresOf(child, pathBelow(path, value, child))),
  ];
}

/** The path of a property below another one, or of a list's item: `home.city`, `items[2]`. */
export function pathBelow(parent: string, value: unknown, { property }: PropertyError): string {
  return Array.isArray(value) ? `${parent}[${property}]` : `${parent}.${property}`;
}
