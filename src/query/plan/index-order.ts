import type { IndexRange } from '../../protocol/values/record-access.js';
import type { OrderTerm } from '../criteria/order.js';
import type { IndexUse } from './index-use.js';

/** How records come out of an index, seen from the order that is asked for. */
export interface WalkOrder {
  /** In the order of the walk. */
  readonly ranges: readonly IndexRange[];
  readonly reverse: boolean;
  /** As many of the leading terms of the order decide in the walk as they should. */
  readonly sortedBy: number;
  /** Whether the walk is in the whole order, equal records by slug. */
  readonly isWhole: boolean;
}

/** The walk through an index that comes nearest to an order: equal records last by slug, in store order. */
export function walkFor(
  { index, ranges, fixed }: IndexUse,
  order: readonly OrderTerm[],
  slugProperty: string,
): WalkOrder {
  const decided = new Set(index.parts.slice(0, fixed).map(({ path }) => path));
  const walked = index.parts.slice(fixed);
  const first = order.find(({ property }) => !decided.has(property.leafPath ?? ''));
  const reverse = first?.descending ?? false;
  const travelled = reverse ? ranges.toReversed() : ranges;
  const placed =
    first === undefined || first.nullsFirst === first.descending
      ? travelled
      : withNulls(travelled, fixed, first.nullsFirst);
  let [sortedBy, met] = [0, 0];
  for (const { property, descending, nullsFirst } of order) {
    if (property.name === slugProperty) {
      // Nothing behind the slug can decide any more.
      const isWhole = met === walked.length && !descending;
      return { ranges: placed, reverse, sortedBy: isWhole ? order.length : sortedBy, isWhole };
    }
    if (!decided.has(property.leafPath ?? '')) {
      const isServed =
        walked[met]?.path === property.leafPath &&
        descending === reverse &&
        (met === 0 || nullsFirst === descending);
      if (!isServed) return { ranges: placed, reverse, sortedBy, isWhole: false };
      met++;
    }
    sortedBy++;
  }
  return { ranges: placed, reverse, sortedBy, isWhole: met === walked.length };
}

/** The ranges with those of null moved to one end, whatever the direction. */
function withNulls(ranges: readonly IndexRange[], part: number, nullsFirst: boolean): readonly IndexRange[] {
  const nulls: IndexRange[] = [];
  const others: IndexRange[] = [];
  for (const range of ranges) {
    const { equal, from, to, present } = range;
    if (equal.length > part) (equal[part] === null ? nulls : others).push(range);
    else if (from !== undefined || to !== undefined || present === true) others.push(range);
    else {
      nulls.push({ equal: [...equal, null] });
      others.push({ equal, present: true });
    }
  }
  return nullsFirst ? [...nulls, ...others] : [...others, ...nulls];
}
