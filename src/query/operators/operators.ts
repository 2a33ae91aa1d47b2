import type { FindOperator } from './find-operator.js';
import { createOperator } from './find-operator.js';

/*
 * Null follows SQL: a comparison with a property that is null or undefined is neither true nor false. It does not
 * match, and neither does its `Not`. Only `IsNull()` and `Not(IsNull())` look at null.
 */

/** What `LessThan` and its like can compare. An object that is none of these is a value behind a transformer. */
export type Comparable = string | number | bigint | Date | Uint8Array | object;

/** A value, or an operator on values of its type. */
export type Operand<V> = V | FindOperator<V>;

/** At least one operator. */
type Conditions<V> = readonly [FindOperator<V>, ...FindOperator<V>[]];

/**
 * The property equals `value`; the same as writing the value itself. Dates are equal at the same time, decimals as
 * numbers (`'1.0'` equals `'1.00'`), bytes, arrays and objects by their content.
 */
export function Equal<V>(value: V): FindOperator<V> {
  return createOperator('Equal', [value]);
}

/**
 * The property is not `value`, or does not meet the operator. As in SQL, `Not('draft')` does not match a property that
 * is null; `Or(Not('draft'), IsNull())` does.
 */
export function Not<V>(value: Operand<V>): FindOperator<V> {
  return createOperator('Not', [value]);
}

/** The property equals one of `values`. An empty list matches nothing. */
export function In<V>(values: readonly V[]): FindOperator<V> {
  return createOperator('In', [values]);
}

/** The same as {@link In}. */
export function Any<V>(values: readonly V[]): FindOperator<V> {
  return createOperator('Any', [values]);
}

/** The property is null or undefined. */
export function IsNull(): FindOperator<never> {
  return createOperator('IsNull', []);
}

/**
 * The property is less than `value`: strings by code point, dates by time, decimals as numbers, bytes one by one, slugs in store
 * order (PROTOCOL §1), which is that of a listing.
 */
export function LessThan<V extends Comparable>(value: V): FindOperator<V> {
  return createOperator('LessThan', [value]);
}

/** The property is less than or equal to `value`. Compares as {@link LessThan} does. */
export function LessThanOrEqual<V extends Comparable>(value: V): FindOperator<V> {
  return createOperator('LessThanOrEqual', [value]);
}

/** The property is greater than `value`. Compares as {@link LessThan} does. */
export function MoreThan<V extends Comparable>(value: V): FindOperator<V> {
  return createOperator('MoreThan', [value]);
}

/** The property is greater than or equal to `value`. Compares as {@link LessThan} does. */
export function MoreThanOrEqual<V extends Comparable>(value: V): FindOperator<V> {
  return createOperator('MoreThanOrEqual', [value]);
}

/** The property lies from `from` to `to`, both included. Compares as {@link LessThan} does. */
export function Between<V extends Comparable>(from: V, to: V): FindOperator<V> {
  return createOperator('Between', [from, to]);
}

/**
 * The whole text matches `pattern`, case included: `%` stands for any number of characters, `_` for exactly one, and
 * `\%`, `\_`, `\\` for the characters themselves.
 */
export function Like(pattern: string): FindOperator<string> {
  return createOperator('Like', [pattern]);
}

/** As {@link Like}, without regard to case. */
export function ILike(pattern: string): FindOperator<string> {
  return createOperator('ILike', [pattern]);
}

/** All of the operators match. */
export function And<V>(...conditions: Conditions<V>): FindOperator<V> {
  return createOperator('And', conditions);
}

/** At least one of the operators matches. */
export function Or<V>(...conditions: Conditions<V>): FindOperator<V> {
  return createOperator('Or', conditions);
}

/** The array (or set field) has every one of `values`. */
export function ArrayContains<V>(values: readonly V[]): FindOperator<V[]> {
  return createOperator('ArrayContains', [values]);
}

/** Every item of the array (or set field) is one of `values`. An empty array matches. */
export function ArrayContainedBy<V>(values: readonly V[]): FindOperator<V[]> {
  return createOperator('ArrayContainedBy', [values]);
}

/** The array (or set field) has at least one of `values`. */
export function ArrayOverlap<V>(values: readonly V[]): FindOperator<V[]> {
  return createOperator('ArrayOverlap', [values]);
}

/**
 * The JSON value (or nested object) contains `value`, as PostgreSQL's `@>` has it: an object, every member of `value`, at any depth;
 * an array, every item of it, in whatever order and number; a string, number or boolean, that value itself or, where an array
 * is stored, it as an item.
 */
export function JsonContains(value: unknown): FindOperator<never> {
  return createOperator('JsonContains', [value]);
}
