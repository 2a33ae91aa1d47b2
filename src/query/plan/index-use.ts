import type { IndexDefinition, IndexedValue, IndexRange } from '../../protocol/values/record-access.js';
import type { Conjunction } from './conjunction.js';
import type { Interval, ValueSet } from './value-set.js';
import { isEveryPresentValue, pointOf, pointsOf } from './value-set.js';

/** A way into an index for the records that may meet a conjunction. */
export interface IndexUse {
  readonly index: IndexDefinition;
  /** In ascending order. None: nothing can meet the conjunction. */
  readonly ranges: readonly IndexRange[];
  /** How many of the leading parts have one value throughout. */
  readonly fixed: number;
  /** Whether the ranges leave out anything but null, and more than the few records that common conditions leave out. */
  readonly narrows: boolean;
  /** Whether the ranges hold the records that meet the conjunction and no others. */
  readonly isExact: boolean;
  /** Whether they are, but for what common conditions leave out. */
  readonly isNearlyExact: boolean;
}

/** Beyond so many ranges the values of a further part are not looked up one by one. */
const MAX_RANGES = 10_000;

/** How an index serves a conjunction: equal values of its first parts, then a range of the next one. */
export function useIndex(index: IndexDefinition, conjunction: Conjunction): IndexUse {
  let prefixes: readonly (readonly IndexedValue[])[] = [[]];
  let fixed = 0;
  let served = 0;
  let servedCommon = 0;
  let isExact = true;
  const common = [...conjunction.byLeaf.values()].filter(({ isCommon }) => isCommon).length;
  const used = (
    narrows: boolean,
  ): Pick<IndexUse, 'index' | 'fixed' | 'narrows' | 'isExact' | 'isNearlyExact'> => {
    const isServed = isExact && asksNothingElse(conjunction);
    const isWhole = isServed && served === conjunction.byLeaf.size;
    return {
      index,
      fixed,
      narrows: narrows && (isWhole || served > servedCommon),
      isExact: isWhole,
      isNearlyExact: isServed && served - servedCommon === conjunction.byLeaf.size - common,
    };
  };
  for (const { path } of index.parts) {
    const restriction = conjunction.byLeaf.get(path);
    if (restriction === undefined) break;
    const { values, isCommon } = restriction;
    if (isCommon) servedCommon++;
    const single = pointsOf(values);
    if (single !== undefined && (prefixes.length === 1 || prefixes.length * single.length <= MAX_RANGES)) {
      if (fixed === served && single.length === 1) fixed++;
      prefixes = prefixes.flatMap((prefix) => single.map((value) => [...prefix, value]));
      served++;
      isExact &&= values.isExact;
      continue;
    }
    served++;
    isExact &&= values.isExact;
    const narrows = served > 1 || !isEveryPresentValue(values);
    return { ...used(narrows), ranges: prefixes.flatMap((equal) => rangesOf(equal, values)) };
  }
  return { ...used(served > 0), ranges: prefixes.map((equal) => ({ equal })) };
}

function asksNothingElse({ slug, slugPrefix, asksMore }: Conjunction): boolean {
  return slug === undefined && slugPrefix === undefined && !asksMore;
}

function rangesOf(equal: readonly IndexedValue[], { intervals, hasNull }: ValueSet): IndexRange[] {
  const ranges = intervals.map((interval) => rangeOf(equal, interval));
  return hasNull ? [...ranges, { equal: [...equal, null] }] : ranges;
}

function rangeOf(equal: readonly IndexedValue[], interval: Interval): IndexRange {
  const { from, to } = interval;
  if (from === undefined && to === undefined) return { equal, present: true };
  const value = pointOf(interval);
  return value === undefined ? { equal, from, to } : { equal: [...equal, value] };
}
