import { operatorNotApplicable } from '../values/errors.js';
import type { Property } from '../values/property.js';
import type { Predicate } from '../values/truth.js';
import { ofPresent } from '../values/truth.js';
import { hasMembers, isList, sameContent } from '../values/values.js';
import { checkContent } from './operand.js';

/** Operators on JSON values and nested objects. */
export const jsonPredicates = {
  JsonContains: (property: Property, [part]: readonly unknown[]): Predicate => {
    if (property.kind !== 'json' && property.kind !== 'nested') {
      throw operatorNotApplicable(property, 'JsonContains', 'It works on JSON fields and nested objects.');
    }
    checkContent(property, 'JsonContains', part);
    const isBare = !isList(part) && !hasMembers(part);
    // An array contains a bare value, but only where it is the whole value.
    return ofPresent((value) =>
      isBare && isList(value) ? value.some((item) => sameContent(item, part)) : contains(value, part),
    );
  },
};

/** As PostgreSQL's `@>` has it: the order of items, repeated items and further members do not matter. */
function contains(whole: unknown, part: unknown): boolean {
  if (isList(part)) {
    return isList(whole) && part.every((item) => whole.some((other) => contains(other, item)));
  }
  if (!hasMembers(part)) return sameContent(whole, part);
  return hasMembers(whole) && Object.entries(part).every((member) => hasMember(whole, member));
}

function hasMember(whole: Readonly<Record<string, unknown>>, [name, part]: [string, unknown]): boolean {
  return part === undefined || (Object.hasOwn(whole, name) && contains(whole[name], part));
}
