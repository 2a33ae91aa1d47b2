import { types } from 'node:util';
import { DustError } from '../../errors.js';
import { describeValue } from '../operators/describe.js';

interface Named {
  readonly entityName: string;
  readonly name: string;
}

/** A value for which a transformer threw, on the way to being compared. */
export function transformerFailed(property: Named, value: unknown, error: unknown): DustError {
  return new DustError(
    'invalid_value',
    `${nameOf(property)}: its transformer threw in to() for ${describeValue(value)} (${reasonOf(error)}). It must take back what its from() gives.`,
    { cause: error },
  );
}

/** A value in a where for which a transformer threw. */
export function transformerRefused(
  property: Named,
  operator: string,
  value: unknown,
  cause: unknown,
): DustError {
  return new DustError(
    'invalid_criteria',
    `${nameOf(property)}: ${operator} takes a value that its transformer takes, not ${describeValue(value)}, for which it threw (${reasonOf(cause)}).`,
    { cause },
  );
}

/** A value in a where of which a transformer makes nothing. */
export function transformedToNull(property: Named, operator: string, value: unknown): DustError {
  return new DustError(
    'invalid_criteria',
    `${nameOf(property)}: ${operator} takes a value that its transformer makes something of, not ${describeValue(value)}. Use IsNull() to find records without a value.`,
  );
}

function nameOf({ entityName, name }: Named): string {
  return `${entityName}.${name}`;
}

/** Why a function of the user's threw, in its own words. */
function reasonOf(error: unknown): string {
  return types.isNativeError(error) ? error.message : 'no reason given';
}
