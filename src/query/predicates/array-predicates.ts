import { operatorNotApplicable } from '../values/errors.js';
import { checkItems } from './operand.js';
import type { Property } from '../values/property.js';
import { itemEqualityOf } from '../values/property.js';
import type { Predicate } from '../values/truth.js';
import { ofPresent } from '../values/truth.js';
import { isList } from '../values/values.js';

type Items = readonly unknown[];
type Has = (items: Items, item: unknown) => boolean;

/** Operators on arrays and set fields. A value that is no array is unknown. */
export const arrayPredicates = {
  ArrayContains: onItems('ArrayContains', (actual, given, has) => given.every((item) => has(actual, item))),
  ArrayContainedBy: onItems('ArrayContainedBy', (actual, given, has) =>
    actual.every((item) => has(given, item)),
  ),
  ArrayOverlap: onItems('ArrayOverlap', (actual, given, has) => given.some((item) => has(actual, item))),
};

function onItems(operator: string, test: (actual: Items, given: Items, has: Has) => boolean) {
  return (property: Property, [values]: readonly unknown[]): Predicate => {
    if (property.shape === 'single' && property.kind !== 'json') {
      throw operatorNotApplicable(property, operator, 'It works on arrays and set fields.');
    }
    const given = checkItems(property, operator, values);
    const same = itemEqualityOf(property);
    const has: Has = (items, item) => items.some((other) => same(item, other));
    return ofPresent((value) => (isList(value) ? test(value, given, has) : undefined));
  };
}
