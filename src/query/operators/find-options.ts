import type { EntityClass } from '../../metadata/types.js';
import type { FindOperator } from './find-operator.js';
import type { FindOptionsPopulate, PopulatedProperty } from './populate-options.js';

/** Any object. */
export type ObjectLiteral = object;

/** What names an entity: its class. */
export type EntityTarget<T extends object> = EntityClass<T>;

type Method = (...args: never[]) => unknown;
type Scalar = string | number | bigint | boolean | Date | Uint8Array;

/** `T` with every property optional, at every depth; arrays, dates and bytes stay whole. */
export type DeepPartial<T> = { [K in keyof T]?: DeepPartialProperty<T[K]> | undefined };

/** What a {@link DeepPartial} has for a property of type `V`. */
export type DeepPartialProperty<V> = V extends Scalar | Method | readonly unknown[]
  ? V
  : V extends object
    ? DeepPartial<V>
    : V;

/** The names of an entity's data properties: all but its methods, and but those that {@link PopulatedProperty} knows. */
export type DataProperty<T> = {
  [K in keyof T]-?: NonNullable<T[K]> extends Method ? never : K extends PopulatedProperty<T> ? never : K;
}[keyof T] &
  string;

/**
 * Conditions on properties, the slug included, all of which must hold. A bare value means `Equal`: arrays and JSON values are equal
 * by their whole content. For a nested object, a plain object holds conditions on its parts, and an instance of its class is equal as
 * a whole. Null and undefined are refused; null is asked for with `IsNull()`.
 *
 * A property that `populate` fills has none: ask for the slug, of `customer` by `customerId`.
 *
 * It can be built up property by property.
 */
export type FindOptionsWhere<T> = {
  -readonly [K in keyof T]?: K extends PopulatedProperty<T>
    ? never
    : FindOptionsWhereProperty<NonNullable<T[K]>>;
};

/** What a where may say of a property with values of type `V`. */
export type FindOptionsWhereProperty<V, Whole = V> = V extends Method
  ? never
  : V extends Scalar | readonly unknown[]
    ? Whole | FindOperator<Whole>
    : V extends object
      ? Whole | FindOperator<Whole> | FindOptionsWhere<V>
      : Whole | FindOperator<Whole>;

/**
 * Ascending or descending. As in PostgreSQL, null counts as greater than every value: it comes last in ascending and
 * first in descending order, unless `nulls` says otherwise.
 */
export type FindOptionsOrderValue =
  | 'ASC'
  | 'DESC'
  | 'asc'
  | 'desc'
  | 1
  | -1
  | {
      /** Default: ascending. */
      readonly direction?: 'ASC' | 'DESC' | 'asc' | 'desc';
      /** Where null goes. */
      readonly nulls?: 'FIRST' | 'LAST' | 'first' | 'last';
    };

/**
 * Properties to order by, the first deciding first; of a nested object, its parts. Records that are equal in all of them stay in store
 * order.
 */
export type FindOptionsOrder<T> = {
  -readonly [K in keyof T]?: K extends PopulatedProperty<T>
    ? never
    : FindOptionsOrderProperty<NonNullable<T[K]>>;
};

/** What an order may say of a property with values of type `V`: of an object, which may stand behind a transformer, both. */
export type FindOptionsOrderProperty<V> = V extends Method | readonly unknown[]
  ? never
  : V extends Scalar
    ? FindOptionsOrderValue
    : [keyof V] extends [never]
      ? never
      : FindOptionsOrder<V> | FindOptionsOrderValue;

/** One where, or several of which one must hold. */
export type FindWhere<T> = FindOptionsWhere<T> | readonly FindOptionsWhere<T>[];

/**
 * Properties to fill in, as a list of names or as an object of them: `['title']`, `{ title: true }`. The slug is always filled in;
 * name it to have it in the type of the result. A nested object comes whole.
 */
export type FindOptionsSelect<T> =
  readonly DataProperty<T>[] | Readonly<Partial<Record<DataProperty<T>, true>>>;

/** Properties to fill in, by the names that the type of the result is made of. */
export interface SelectOption<K extends string> {
  /** What to fill in. What is left out stays in the record. */
  readonly select: readonly K[] | Readonly<Record<K, true>>;
}

/** Options of a read, with a `select` that types its result. */
export type Selecting<Options, K extends string> = Omit<Options, 'select'> & SelectOption<K>;

/**
 * How new what a read shows must be. What is left out: what this process, or the node of a cluster that answers, has come to know; one's own
 * writes always.
 *
 * `'linearizable'`: everything that was acknowledged anywhere before the call. `{ minSeq }`: at least the operation with that seq, which a write
 * was answered with elsewhere.
 */
export type ReadConsistency =
  | 'linearizable'
  | {
      /** The `storeSeq` that a write was answered with, on whatever node: 0 or more. */
      readonly minSeq: number;
    };

/** Which records a read sees beside those that its where leaves out. */
export interface ScopeOptions {
  /** Whether it sees soft-deleted records, too, of a class with `@DeletedAtField()`. Default: false. */
  readonly withDeleted?: boolean;
  /** The scopes of the class that apply, by name, each of them; beside the default scope. Default: none. */
  readonly scope?: string | readonly string[];
  /** Whether the default scope of the class is left off. Default: false. */
  readonly unscoped?: boolean;
}

/** What to read. Evaluated on this side: without a slug in `where`, every record of the class is read. */
export interface FindOneOptions<T> extends ScopeOptions {
  /** What the record must fulfil. Never empty. */
  readonly where: FindWhere<T>;
  /** Which of several matches is the one. Default: store order. */
  readonly order?: FindOptionsOrder<T>;
  /**
   * What to fill in. Default: every property but those declared with `select: false`. Written in the call itself it types the result
   * ({@link Selecting}); in options declared as of this type it does not.
   */
  readonly select?: FindOptionsSelect<T>;
  /** Calls the read off; it then rejects with `DustError('aborted')`. */
  readonly signal?: AbortSignal;
  /** How new what it shows must be. Costs a trip to where writes are ordered, which a store of one process does without. */
  readonly consistency?: ReadConsistency;
  /**
   * The references to fill in, by one read for each class and level. Default: none. Written in the call itself it types the result
   * ({@link Populating}); in options declared as of this type it does not.
   */
  readonly populate?: FindOptionsPopulate<T>;
}

/** What to read, for reads of one pass in store order. */
export interface FindStreamOptions<T> extends ScopeOptions {
  /** Left out, every record matches. A where that is there must not be empty. */
  readonly where?: FindWhere<T>;
  /** Matches to pass over. Default 0. */
  readonly skip?: number;
  /** The most entities to return. Default: all. */
  readonly take?: number;
  /**
   * What to fill in. Default: every property but those declared with `select: false`. Written in the call itself it types the result
   * ({@link Selecting}); in options declared as of this type it does not.
   */
  readonly select?: FindOptionsSelect<T>;
  /** Calls the read off; it then rejects with `DustError('aborted')`. */
  readonly signal?: AbortSignal;
  /** How new what it shows must be. Costs a trip to where writes are ordered, which a store of one process does without. */
  readonly consistency?: ReadConsistency;
  /**
   * The references to fill in, by one read for each class and level. Default: none. Written in the call itself it types the result
   * ({@link Populating}); in options declared as of this type it does not.
   */
  readonly populate?: FindOptionsPopulate<T>;
}

/** What to read, in which order, and which part of it. */
export interface FindManyOptions<T> extends FindStreamOptions<T> {
  /** Default: that of a scope, else store order (PROTOCOL §1), which alone lets `take` stop reading early. */
  readonly order?: FindOptionsOrder<T>;
}

/** Options of a read, whatever they select and populate: what calls with and without a {@link SelectOption} have in common. */
export type AnySelect<Options> = Omit<Options, 'select' | 'populate'> & {
  readonly select?: unknown;
  readonly populate?: unknown;
};

/** Which records a write or a read is about: a slug, slugs, or a where. Never empty. */
export type FindCriteria<T> = string | readonly string[] | FindWhere<T>;
