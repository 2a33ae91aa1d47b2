import type { DustFile } from '../../metadata/dust-file.js';
import type { PopulatedName } from '../../metadata/populated-name.js';

type Plain = string | number | bigint | boolean | symbol | Date | Uint8Array | DustFile;
type Method = (...args: never[]) => unknown;

/** What a property holds, once, of a list each. */
type One<V> = NonNullable<V> extends readonly (infer Item)[] ? NonNullable<Item> : NonNullable<V>;

/**
 * The names of the properties that `populate` may fill: those that hold an object or a list of objects, and need not be there. Which of them
 * are references is known when the program runs.
 */
export type ReferenceProperty<T> = {
  [K in keyof T]-?: undefined extends T[K]
    ? unknown extends T[K]
      ? never
      : One<T[K]> extends Plain | Method | readonly unknown[]
        ? never
        : One<T[K]> extends object
          ? K
          : never
    : never;
}[keyof T] &
  string;

/** The names of properties that hold a slug, or slugs, as far as their types tell. */
type SlugName<T> = {
  [K in keyof T]-?: NonNullable<T[K]> extends string | readonly string[] ? K : never;
}[keyof T];

/**
 * The names of the properties that `populate` fills, as far as the names tell: `customer` beside `customerId`, `tags` beside `tagIds`. They hold what
 * another record has, so that no condition, order or selection is about them.
 */
export type PopulatedProperty<T> = Extract<ReferenceProperty<T>, PopulatedName<SlugName<T>>>;

/** What a property that `populate` fills refers to. */
export type PopulateTarget<V> = One<V>;

type Shallower = [never, 0, 1, 2];

/** References by their names, those beyond them behind dots: `customer`, `customer.company`. Paths of more than three names are written as an object. */
export type PopulatePath<T, Depth extends number = 3> = [Depth] extends [0]
  ? never
  : {
      [K in ReferenceProperty<T>]: K | `${K}.${PopulatePath<PopulateTarget<T[K]>, Shallower[Depth]>}`;
    }[ReferenceProperty<T>];

/** References as an object, with those beyond them inside: `{ customer: { company: true } }`. */
export type PopulateBranches<T> = {
  readonly [K in keyof T]?: K extends ReferenceProperty<T>
    ? true | PopulateBranches<PopulateTarget<T[K]>>
    : never;
};

/** What a `populate` is to fit besides, so that an object with names that there are none of is a type error. */
export type OnlyReferences<T, P> = P extends readonly unknown[]
  ? unknown
  : {
      readonly [K in keyof P]: K extends ReferenceProperty<T>
        ? P[K] extends true
          ? unknown
          : OnlyReferences<PopulateTarget<T[K]>, P[K]>
        : never;
    };

/** References to fill in, as a list of paths or as an object. */
export type FindOptionsPopulate<T> = readonly PopulatePath<T>[] | PopulateBranches<T>;

/** References to fill in, by the names that the type of the result is made of. */
export interface PopulateOption<P> {
  /** What to fill in of the references. Default: nothing. */
  readonly populate: P;
}

/** Options of a read, with a `populate` that types its result, and a `select` that does where there is one. */
export type Populating<Options, P, K extends string> = Omit<Options, 'select' | 'populate'> &
  PopulateOption<P> & {
    /** What to fill in of the properties. Those that hold the slugs of what is populated are filled in with them. */
    readonly select?: readonly K[] | Readonly<Record<K, true>>;
  };

/**
 * `T` as a read gives it that populates `P`: what was asked for is there, and null where the other record is not; of a list of slugs, those
 * that are there. With a `K`, of its properties those alone.
 */
export type Populated<T, P, K = never> = FilledIn<T, P> & ([K] extends [never] ? T : Pick<T, K & keyof T>);

/**
 * Where the options say nothing of it, as those of type `any` do, and with any name, nothing is known: a method that overrides a read without
 * types of its own is to be let pass.
 */
type FilledIn<T, P> = [P] extends [never]
  ? unknown
  : 0 extends 1 & P
    ? unknown
    : P extends readonly (infer Path)[]
      ? { [Name in Head<Path> & keyof T]-?: Filled<T[Name], readonly Tail<Path, Name>[]> }
      : { [Name in keyof P & keyof T]-?: Filled<T[Name], P[Name]> };

type Filled<V, Beyond> =
  NonNullable<V> extends readonly (infer Item)[]
    ? FilledTarget<NonNullable<Item>, Beyond>[]
    : FilledTarget<NonNullable<V>, Beyond> | null;

type FilledTarget<Target, Beyond> = Beyond extends true | readonly never[]
  ? Target
  : Populated<Target, Beyond>;

type Head<Path> = Path extends `${infer Name}.${string}` ? Name : Path;
type Tail<Path, Name> = Path extends `${Name & string}.${infer Beyond}` ? Beyond : never;
