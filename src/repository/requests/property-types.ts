import type { DustFile } from '../../metadata/index.js';

declare const COUNTER: unique symbol;

/**
 * The number of a `@CounterField`, for the compiler: `@CounterField() likes!: Counter`. Any number is one. A class that declares its
 * counters so has `increment` and `decrement` take these alone; in one that has none, they take every number, and tell at run time.
 */
export type Counter = number & {
  /** Never there: for the compiler alone. */
  readonly [COUNTER]?: never;
};

/** The names of the properties that are declared as {@link Counter}. */
export type DeclaredCounter<T> = {
  [K in keyof T]-?: NonNullable<T[K]> extends number
    ? typeof COUNTER extends keyof NonNullable<T[K]>
      ? K
      : never
    : never;
}[keyof T] &
  string;

/** The names of the properties that can be a `@CounterField`: those declared as {@link Counter} where the class has such, else all numbers. */
export type CounterProperty<T> = [DeclaredCounter<T>] extends [never]
  ? {
      [K in keyof T]-?: NonNullable<T[K]> extends number ? K : never;
    }[keyof T] &
      string
  : DeclaredCounter<T>;

/** The names of the properties that can be summed: numbers, bigints, and text, which may be decimals. */
export type NumericProperty<T> = {
  [K in keyof T]-?: NonNullable<T[K]> extends number | bigint | string ? K : never;
}[keyof T] &
  string;

/** What values of type `V` sum up to: a number, a bigint or, of decimals, text. */
export type SumOf<V> = V extends number
  ? number
  : V extends bigint
    ? bigint
    : V extends string
      ? string
      : never;

/** The names of the properties that have a least and a greatest value. */
export type OrderedProperty<T> = {
  [K in keyof T]-?: NonNullable<T[K]> extends number | bigint | string | Date | Uint8Array ? K : never;
}[keyof T] &
  string;

type Collection = readonly unknown[] | ReadonlySet<unknown>;

/** The names of the properties that can be a `@SetField`. */
export type SetProperty<T> = {
  [K in keyof T]-?: NonNullable<T[K]> extends Collection ? K : never;
}[keyof T] &
  string;

/** What one member of a `@SetField` is. */
export type SetMember<T, K extends keyof T> =
  NonNullable<T[K]> extends readonly (infer Member)[] | ReadonlySet<infer Member> ? Member : never;

/** The names of the properties that can be a `@FileField`. */
export type FileProperty<T> = {
  [K in keyof T]-?: NonNullable<T[K]> extends DustFile ? K : never;
}[keyof T] &
  string;
