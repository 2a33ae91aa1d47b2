import type { DustFile } from '../../metadata/index.js';

/** The names of the properties that can be a `@CounterField`. */
export type CounterProperty<T> = {
  [K in keyof T]-?: NonNullable<T[K]> extends number ? K : never;
}[keyof T] &
  string;

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
