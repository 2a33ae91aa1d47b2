import type { SlugRange } from '../../protocol/values/record-access.js';
import type { Query } from '../criteria/query.js';
import { isSlug } from '../predicates/operand.js';
import type { Conjunction } from './conjunction.js';
import type { Plan } from './plan.js';
import type { Interval } from './value-set.js';
import { pointOf } from './value-set.js';

/** The way by slugs, or by ranges of them; undefined when a conjunction asks nothing of the slug that would be one. */
export function slugPath<T extends object>(
  conjunction: Conjunction,
  query: Query<T>,
  slugProperty: string,
): Plan | undefined {
  const { slug, slugPrefix, isSlugExact, byLeaf, asksMore } = conjunction;
  if (slug === undefined && slugPrefix === undefined) return undefined;
  const isServed = isSlugExact && !asksMore;
  const isExact = isServed && byLeaf.size === 0;
  const isNearlyExact = isServed && [...byLeaf.values()].every(({ isCommon }) => isCommon);
  const intervals = slug?.intervals ?? [{}];
  const slugs = slugsOf(intervals);
  // Of slugs that are named not all need to exist.
  if (slugs !== undefined) {
    return {
      ...inOrder(query, isStoreOrder(query, slugProperty)),
      path: { by: 'slugs', slugs },
      isExact: false,
    };
  }
  if (slugPrefix === undefined && intervals.every(({ from, to }) => from === undefined && to === undefined)) {
    return undefined;
  }
  const reverse = isReversed(query, slugProperty);
  const ranges = intervals.map((interval) => rangeOf(interval, slugPrefix, reverse));
  return {
    ...inOrder(query, reverse || isStoreOrder(query, slugProperty)),
    path: { by: 'slug-ranges', ranges: reverse ? ranges.toReversed() : ranges },
    isExact,
    isNearlyExact,
  };
}

/** The way through all records. */
export function scanPath<T extends object>(query: Query<T>, slugProperty: string): Plan {
  const reverse = isReversed(query, slugProperty);
  return {
    ...inOrder(query, reverse || isStoreOrder(query, slugProperty)),
    path: { by: 'scan', reverse },
    isExact: query.alternatives === undefined,
  };
}

/** Whether the query's order is that of the store. */
export function isStoreOrder<T extends object>({ order }: Query<T>, slugProperty: string): boolean {
  const [first] = order;
  return first === undefined || (first.property.name === slugProperty && !first.descending);
}

function isReversed<T extends object>({ order }: Query<T>, slugProperty: string): boolean {
  const [first] = order;
  return first?.property.name === slugProperty && first.descending;
}

function inOrder<T extends object>(
  { order }: Query<T>,
  isOrdered: boolean,
): Pick<Plan, 'sortedBy' | 'isOrdered'> {
  return { isOrdered, sortedBy: isOrdered ? order.length : 0 };
}

function slugsOf(intervals: readonly Interval[]): string[] | undefined {
  const slugs: string[] = [];
  for (const interval of intervals) {
    const slug = pointOf(interval);
    if (slug === undefined) return undefined;
    // A pattern or a range may leave a text that no record has for its slug.
    if (isSlug(slug)) slugs.push(slug);
  }
  return slugs;
}

function rangeOf({ from, to }: Interval, startsWith: string | undefined, reverse: boolean): SlugRange {
  return {
    by: 'slug-range',
    reverse,
    ...(from === undefined ? {} : { from: { slug: String(from.value), inclusive: from.inclusive } }),
    ...(to === undefined ? {} : { to: { slug: String(to.value), inclusive: to.inclusive } }),
    ...(startsWith === undefined ? {} : { startsWith }),
  };
}
