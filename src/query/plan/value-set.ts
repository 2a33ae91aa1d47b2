import type { IndexBound, IndexedValue } from '../../protocol/values/record-access.js';

/** A value that is not null. */
export type PresentValue = Exclude<IndexedValue, null>;

/** How the values of one property are ordered. */
export type CompareValues = (a: PresentValue, b: PresentValue) => number;

/** The values between two bounds; a bound that is left out leaves it open. */
export interface Interval {
  readonly from?: IndexBound | undefined;
  readonly to?: IndexBound | undefined;
}

/** Values of one property, which a condition may admit. */
export interface ValueSet {
  /** In ascending order, without overlap. */
  readonly intervals: readonly Interval[];
  /** Whether null is one of them. */
  readonly hasNull: boolean;
  /** Whether it holds those that meet the condition and no others. */
  readonly isExact: boolean;
}

/** Every value but null. */
export function presentValues(isExact: boolean): ValueSet {
  return { intervals: [{}], hasNull: false, isExact };
}

/** Null alone. */
export const NULL_ALONE: ValueSet = { intervals: [], hasNull: true, isExact: true };

/** The values between two bounds. */
export function between(from: IndexBound | undefined, to: IndexBound | undefined): ValueSet {
  return { intervals: [{ from, to }], hasNull: false, isExact: true };
}

/** These values and no others. */
export function points(values: readonly PresentValue[], compare: CompareValues): ValueSet {
  const intervals = [...values].sort(compare).flatMap((value, i, sorted) => {
    const before = sorted[i - 1];
    return before !== undefined && compare(before, value) === 0 ? [] : [pointAt(value)];
  });
  return { intervals, hasNull: false, isExact: true };
}

function pointAt(value: PresentValue): Interval {
  const bound = { value, inclusive: true };
  return { from: bound, to: bound };
}

/** The one value of an interval; undefined when there are more. */
export function pointOf({ from, to }: Interval): PresentValue | undefined {
  return from !== undefined && from === to ? from.value : undefined;
}

/** The values of a set, when they are single ones; undefined when a range is among them. */
export function pointsOf({ intervals, hasNull }: ValueSet): readonly IndexedValue[] | undefined {
  const values: IndexedValue[] = [];
  for (const interval of intervals) {
    const value = pointOf(interval);
    if (value === undefined) return undefined;
    values.push(value);
  }
  if (hasNull) values.push(null);
  return values;
}

/** Whether the set is nothing but every value that is not null. */
export function isEveryPresentValue({ intervals, hasNull }: ValueSet): boolean {
  const [first] = intervals;
  return !hasNull && intervals.length === 1 && first?.from === undefined && first?.to === undefined;
}

/** The values that are in both. */
export function intersection(a: ValueSet, b: ValueSet, compare: CompareValues): ValueSet {
  const intervals: Interval[] = [];
  for (let i = 0, j = 0; i < a.intervals.length && j < b.intervals.length;) {
    const [left, right] = [a.intervals[i]!, b.intervals[j]!];
    const common = overlap(left, right, compare);
    if (common !== undefined) intervals.push(common);
    if (compareEnds(left.to, right.to, compare) <= 0) i++;
    else j++;
  }
  return { intervals, hasNull: a.hasNull && b.hasNull, isExact: a.isExact && b.isExact };
}

/** The values that are in one of them. */
export function union(sets: readonly ValueSet[], compare: CompareValues): ValueSet {
  const sorted = sets
    .flatMap(({ intervals }) => intervals)
    .sort((a, b) => compareStarts(a.from, b.from, compare) || compareEnds(a.to, b.to, compare));
  const intervals: Interval[] = [];
  for (const next of sorted) {
    const last = intervals.at(-1);
    if (last === undefined || isGap(last, next, compare)) intervals.push(next);
    else if (compareEnds(last.to, next.to, compare) < 0) {
      intervals[intervals.length - 1] = { from: last.from, to: next.to };
    }
  }
  return {
    intervals,
    hasNull: sets.some(({ hasNull }) => hasNull),
    isExact: sets.every(({ isExact }) => isExact),
  };
}

function overlap(a: Interval, b: Interval, compare: CompareValues): Interval | undefined {
  const from = compareStarts(a.from, b.from, compare) < 0 ? b.from : a.from;
  const to = compareEnds(a.to, b.to, compare) < 0 ? a.to : b.to;
  if (from === undefined || to === undefined) return { from, to };
  const order = compare(from.value, to.value);
  if (order > 0 || (order === 0 && !(from.inclusive && to.inclusive))) return undefined;
  return order === 0 ? pointAt(from.value) : { from, to };
}

/** Whether something may lie between two intervals, or they only touch: neighbours may stay apart. */
function isGap({ to }: Interval, { from }: Interval, compare: CompareValues): boolean {
  if (to === undefined || from === undefined) return false;
  const order = compare(to.value, from.value);
  return order < 0 || (order === 0 && !(to.inclusive && from.inclusive));
}

function compareStarts(a: IndexBound | undefined, b: IndexBound | undefined, compare: CompareValues): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return compare(a.value, b.value) || Number(b.inclusive) - Number(a.inclusive);
}

function compareEnds(a: IndexBound | undefined, b: IndexBound | undefined, compare: CompareValues): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return compare(a.value, b.value) || Number(a.inclusive) - Number(b.inclusive);
}
