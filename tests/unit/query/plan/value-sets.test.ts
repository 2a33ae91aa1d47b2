import * as fc from 'fast-check';
import type { ValueSet } from '../../../../src/query/plan/value-set.js';
import {
  between,
  intersection,
  isEveryPresentValue,
  NULL_ALONE,
  points,
  pointsOf,
  presentValues,
  union,
} from '../../../../src/query/plan/value-set.js';

const compare = (a: unknown, b: unknown): number => Number(a) - Number(b);
/** Bounds are whole numbers; halves lie between them. */
const DOMAIN = Array.from({ length: 17 }, (_, i) => i / 2 - 1);

/** Whether a set holds a value, asked of each interval by itself. */
function holds({ intervals, hasNull }: ValueSet, value: number | null): boolean {
  if (value === null) return hasNull;
  return intervals.some(({ from, to }) => {
    const [low, high] = [Number(from?.value ?? -Infinity), Number(to?.value ?? Infinity)];
    const isAbove = from?.inclusive === false ? value > low : value >= low;
    return isAbove && (to?.inclusive === false ? value < high : value <= high);
  });
}

const bound = fc.option(fc.record({ value: fc.integer({ min: 0, max: 6 }), inclusive: fc.boolean() }), {
  nil: undefined,
});
const simple = fc.oneof(
  fc
    .tuple(bound, bound)
    .map(([from, to]) => intersection(between(from, undefined), between(undefined, to), compare)),
  fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 4 }).map((values) => points(values, compare)),
  fc.constant(NULL_ALONE),
  fc.boolean().map(presentValues),
);
const anySet = fc.oneof(
  simple,
  fc.array(simple, { minLength: 1, maxLength: 4 }).map((sets) => union(sets, compare)),
);

/** In ascending order, without overlap, none of them empty. */
function expectOrderly({ intervals }: ValueSet): void {
  for (const value of DOMAIN) {
    const inside = intervals.filter((interval) =>
      holds({ intervals: [interval], hasNull: false, isExact: true }, value),
    );
    expect(inside.length).toBeLessThanOrEqual(1);
  }
  const firsts = intervals.map((interval) =>
    DOMAIN.findIndex((value) => holds({ intervals: [interval], hasNull: false, isExact: true }, value)),
  );
  expect(firsts).not.toContain(-1);
  expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
}

it('an intersection holds what both hold, a union what one of them holds', () => {
  fc.assert(
    fc.property(anySet, anySet, anySet, (a, b, c) => {
      const both = intersection(a, b, compare);
      const any = union([a, b, c], compare);
      expectOrderly(both);
      expectOrderly(any);
      for (const value of [...DOMAIN, null]) {
        expect(holds(both, value)).toBe(holds(a, value) && holds(b, value));
        expect(holds(any, value)).toBe([a, b, c].some((set) => holds(set, value)));
      }
      expect(both.isExact).toBe(a.isExact && b.isExact);
      expect(any.isExact).toBe([a, b, c].every(({ isExact }) => isExact));
    }),
    { numRuns: 200, seed: 13 },
  );
});

it('single values are told as such, and everything as everything', () => {
  const known = union([points([3, 1, 3], compare), NULL_ALONE], compare);
  expect(pointsOf(known)).toEqual([1, 3, null]);
  const meeting = intersection(
    between({ value: 2, inclusive: true }, undefined),
    between(undefined, { value: 2, inclusive: true }),
    compare,
  );
  expect(pointsOf(meeting)).toEqual([2]);
  expect(pointsOf(presentValues(true))).toBeUndefined();
  expect(isEveryPresentValue(presentValues(false))).toBe(true);
  expect(isEveryPresentValue(union([presentValues(true), NULL_ALONE], compare))).toBe(false);
  expect(isEveryPresentValue(between({ value: 1, inclusive: true }, undefined))).toBe(false);
});
