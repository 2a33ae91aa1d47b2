import type { IndexedValue, RecordPosition, SlugRange } from '../../protocol/values/record-access.js';
import type { OrderTerm } from '../criteria/order.js';
import { compareIn } from '../criteria/order.js';
import type { Query } from '../criteria/query.js';
import { compareSlugs } from '../values/slug-order.js';
import { indexedOrderOf, indexedOrNull } from './indexed-value.js';
import type { Plan } from './plan.js';
import { rangesOf } from './plan.js';

/** A place in the order of a query: the values of its terms, and a slug. */
export interface Keyset {
  readonly slug: string;
  /** Of each term of the order. */
  readonly values: readonly IndexedValue[];
}

/** The place of an entity in the order of a query. */
export function keysetOf<T extends object>(query: Query<T>, slug: string, entity: T): Keyset {
  return { slug, values: query.order.map((term) => valueIn(term, entity)) };
}

/** Whether an entity comes behind a place. */
export function isBehind<T extends object>(
  query: Query<T>,
  keyset: Keyset,
  slug: string,
  entity: T,
): boolean {
  for (const [i, term] of query.order.entries()) {
    const order = compareIn(
      term,
      valueIn(term, entity),
      keyset.values[i] ?? null,
      indexedOrderOf(term.property),
    );
    if (order !== 0) return order > 0;
  }
  return compareSlugs(slug, keyset.slug) > 0;
}

/**
 * A plan that begins behind a place, as far as its path is in the order of the query. It may begin before: what comes is
 * still to be tested by {@link isBehind}.
 */
export function planBehind<T extends object>(plan: Plan, query: Query<T>, keyset: Keyset): Plan {
  const { path } = plan;
  if (!plan.isOrdered) return plan;
  if (path.by === 'index') {
    const after = positionIn(path.access, query, keyset);
    return after === undefined ? plan : { ...plan, path: { ...path, after } };
  }
  if (path.by === 'slugs') {
    return {
      ...plan,
      path: { ...path, slugs: path.slugs.filter((slug) => compareSlugs(slug, keyset.slug) > 0) },
    };
  }
  const ranges = rangesOf(path).flatMap((range) => rangeBehind(range, keyset.slug) ?? []);
  return { ...plan, path: { by: 'slug-ranges', ranges } };
}

/** The place in an index: its first parts have one value throughout, and the order names the others. */
function positionIn<T extends object>(
  { index, ranges }: Extract<Plan['path'], { by: 'index' }>['access'],
  { order }: Query<T>,
  { slug, values }: Keyset,
): RecordPosition | undefined {
  const byLeaf = new Map(order.map(({ property }, i) => [property.leafPath, values[i]]));
  const place: IndexedValue[] = [];
  for (const [i, { path }] of index.parts.entries()) {
    const value = byLeaf.has(path) ? (byLeaf.get(path) ?? null) : ranges[0]?.equal[i];
    if (value === undefined) return undefined;
    place.push(value);
  }
  return { slug, values: place };
}

function rangeBehind(range: SlugRange, slug: string): SlugRange | undefined {
  const bound = { slug, inclusive: false };
  const { from, to, reverse } = range;
  if (reverse === true) {
    if (from !== undefined && compareSlugs(slug, from.slug) <= 0) return undefined;
    return to !== undefined && compareSlugs(to.slug, slug) <= 0 ? range : { ...range, to: bound };
  }
  if (to !== undefined && compareSlugs(slug, to.slug) >= 0) return undefined;
  return from !== undefined && compareSlugs(from.slug, slug) >= 0 ? range : { ...range, from: bound };
}

function valueIn({ property }: OrderTerm, entity: object): IndexedValue {
  return indexedOrNull(property, property.comparable(property.read(entity))) ?? null;
}
