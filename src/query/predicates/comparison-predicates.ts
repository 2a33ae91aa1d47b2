import { operatorNotApplicable } from '../values/errors.js';
import { checkItem } from './operand.js';
import type { Property } from '../values/property.js';
import { comparatorOf } from '../values/property.js';
import type { Predicate } from '../values/truth.js';
import { all, ofPresent } from '../values/truth.js';

const ORDERED: readonly Property['kind'][] = [
  'slug',
  'string',
  'integer',
  'float',
  'date',
  'bigint',
  'decimal',
  'bytes',
  'enum',
];

/** Whether values of the property can be compared with a bound. */
export function isOrdered({ shape, kind }: Property): boolean {
  return shape === 'single' && ORDERED.includes(kind);
}

const comparison =
  (operator: string, test: (order: number) => boolean) =>
  (property: Property, [bound]: readonly unknown[]): Predicate =>
    compare(property, operator, bound, test);

const atLeast = (order: number): boolean => order >= 0;
const atMost = (order: number): boolean => order <= 0;

/** Operators that compare a property with a bound. A value that has no order against the bound is unknown. */
export const comparisonPredicates = {
  LessThan: comparison('LessThan', (order) => order < 0),
  LessThanOrEqual: comparison('LessThanOrEqual', atMost),
  MoreThan: comparison('MoreThan', (order) => order > 0),
  MoreThanOrEqual: comparison('MoreThanOrEqual', atLeast),
  Between: (property: Property, [from, to]: readonly unknown[]): Predicate =>
    all([compare(property, 'Between', from, atLeast), compare(property, 'Between', to, atMost)]),
};

function compare(
  property: Property,
  operator: string,
  bound: unknown,
  test: (order: number) => boolean,
): Predicate {
  if (!isOrdered(property)) {
    throw operatorNotApplicable(property, operator, 'It compares text, numbers, dates and bytes.');
  }
  checkItem(property, operator, bound);
  const comparator = comparatorOf(property);
  return ofPresent((value) => {
    const order = comparator(value, bound);
    return order === undefined ? undefined : test(order);
  });
}
