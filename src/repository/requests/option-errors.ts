import { DustError } from '../../errors.js';
import type { EntityMetadata } from '../../metadata/types.js';
import { describeValue } from '../../query/index.js';

/** An option with a value it cannot have. */
export function invalidOption(method: string, option: string, expected: string, found: unknown): DustError {
  return new DustError(
    'invalid_options',
    `${method}: ${option} must be ${expected}, not ${describeValue(found)}.`,
  );
}

/** Two options that mean the same. */
export function onlyOneOf(method: string, one: string, other: string): DustError {
  return new DustError(
    'invalid_options',
    `${method}: ${one} and ${other} are two names of one option. Give one of them.`,
  );
}

/** `ifMatch` given as undefined. */
export function revisionUnknown(method: string): DustError {
  return new DustError(
    'invalid_options',
    `${method}: ifMatch is undefined, so there is no revision to compare with: the instance was not loaded from the store. ` +
      'Load it first, or leave ifMatch out to write whatever is there.',
  );
}

/** An upsert by anything but the slug. */
export function conflictOnOtherProperty(
  entity: Pick<EntityMetadata, 'name' | 'slugProperty'>,
  property: string | undefined,
): DustError {
  const found = property === undefined ? 'none' : `"${property}"`;
  return new DustError(
    'invalid_options',
    `${entity.name}: upsert knows one conflict path, the slug "${entity.slugProperty}", and was given ${found}. ` +
      'Give that one or leave the conflict paths out.',
  );
}

/** Something else where an entity class belongs. */
export function notAClass(found: unknown): DustError {
  return new DustError(
    'invalid_metadata',
    `getRepository() takes an entity class, not ${describeValue(found)}.` +
      (found === undefined ? ' The class was not defined yet: check for a circular import.' : ''),
  );
}
