import { invalidOperand } from '../values/errors.js';
import { checkValue } from './operand.js';
import type { Property } from '../values/property.js';
import { equalityOf } from '../values/property.js';
import type { Predicate } from '../values/truth.js';
import { ofPresent } from '../values/truth.js';
import { isList } from '../values/values.js';

/** The property equals `value`. `operator` names what the value was given to. */
export function equal(property: Property, operator: string, value: unknown): Predicate {
  checkValue(property, operator, value);
  const same = equalityOf(property);
  return ofPresent((actual) => same(actual, value));
}

/** The property equals one of `values`. */
export function oneOf(property: Property, operator: string, values: unknown): Predicate {
  if (!isList(values)) throw invalidOperand(property, operator, 'an array of values', values);
  for (const value of values) checkValue(property, operator, value);
  // Of no values it is none, whatever the property holds: its opposite finds all records, those without a value too.
  if (values.length === 0) return () => false;
  if (comparesByIdentity(property)) {
    const members = new Set<unknown>(values);
    return ofPresent((actual) => members.has(actual));
  }
  const same = equalityOf(property);
  return ofPresent((actual) => values.some((value) => same(actual, value)));
}

/** Whether equal values of the property are the same for a `Set`, so that a long list costs no more than a short one. */
function comparesByIdentity({ shape, kind }: Property): boolean {
  return (
    shape === 'single' && ['slug', 'string', 'enum', 'integer', 'float', 'boolean', 'bigint'].includes(kind)
  );
}
