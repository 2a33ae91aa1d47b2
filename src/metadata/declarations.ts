import type { StandardSchema } from './standard-schema.js';
import type {
  EntityClass,
  FieldRole,
  HookName,
  FieldType,
  SlugGeneration,
  StorageMode,
  UpgradeRecord,
  ValueTransformer,
} from './types.js';

/** The types a field may be given by name. Nested classes and enums are given by their own options. */
export type FieldTypeName = Exclude<FieldType, 'nested' | 'file'>;

/** What stands for a type in a thunk: a class, or the constructor of a built-in type. */
export type TypeTarget =
  | EntityClass
  | StringConstructor
  | NumberConstructor
  | BooleanConstructor
  | BigIntConstructor
  | DateConstructor
  | Uint8ArrayConstructor;

/** Names a type when it is needed, not when the file is loaded, so that files may import each other. A list means an array of it. */
export type TypeThunk = () => TypeTarget | readonly TypeTarget[];

/** A TypeScript enum, or the list of permitted values. */
export type EnumDefinition = Readonly<Record<string, string | number>> | readonly (string | number)[];

/** How a property is stored. Everything may be left out where reflection tells the type. */
export interface FieldOptions {
  /** The field's segment on the wire. Default: the property's name, by the naming strategy. */
  readonly name?: string;
  /** The type of what is stored (behind transformers), of each item when `array` is set. */
  readonly type?: FieldTypeName | TypeThunk;
  /** Whether every record must have a value: a write without one is refused, a record without one is skipped. */
  readonly required?: boolean;
  /** Whether null may be stored. Default: true, unless the field is required. */
  readonly nullable?: boolean;
  /**
   * What an insert writes for a property that is undefined: a value, or a function that makes one. A function with a parameter is given
   * the entity as it was handed over (of a field in a nested class, the nested object), with the defaults of no other field.
   */
  readonly default?: unknown;
  /**
   * Converts on the way to the store and back. Several run in order, and back in reverse. `to` sees null, but not undefined, which is not
   * part of a write; `from` sees null for a null and for a field that the record does not have. One that throws for null on reading leaves it.
   */
  readonly transformer?: ValueTransformer | readonly ValueTransformer[];
  /** The permitted values. The thunk is for enums in files that import each other. */
  readonly enum?: EnumDefinition | (() => EnumDefinition);
  /** Whether the property holds a list, which is stored as one value. */
  readonly array?: boolean;
  /** Whether no two records may have the same value, null aside: the same as `@Unique()` beside it. Default: false. */
  readonly unique?: boolean;
  /** Whether reads fill it in that do not ask for it by `select`. Default: true. */
  readonly select?: boolean;
  /**
   * Whether a write takes text for a value that it says: ISO 8601 for a `date`, digits for `integer`, `float` and `bigint`, `'true'` and
   * `'false'` for a `boolean`. Default: what the entity says.
   */
  readonly coerce?: boolean;
  /** Whether inserts write its value. With false they write its default alone, if it has one. Default: true. */
  readonly insert?: boolean;
  /** Whether saves and updates write its changes. With false a change is left out, without an error. Default: true. */
  readonly update?: boolean;
  /**
   * What a value must be like, beside its type: any Standard Schema, such as zod's `z.url()`. It is given what the property holds, null and (in a
   * whole record) undefined included, and changes nothing: a value that it would make another of is refused.
   */
  readonly schema?: StandardSchema;
  /**
   * Names that the field had on the wire before, the latest first: where a record has no value under the present one, the first of them that
   * it has is read. The next save or update of the record moves it. Default: none.
   */
  readonly from?: readonly string[];
  /** Whether a record without the field reads with the `default`, which the next save writes. Default: false. */
  readonly applyOnRead?: boolean;
}

/** What `@Index` may be given. */
export interface IndexOptions {
  /** Whether no two records may have the same values, those with a null among them aside. Default: false. */
  readonly unique?: boolean;
}

/** A where of a scope, as `find` takes it: an object, or several of which one must hold. */
export type ScopeWhere = Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[];

/** What a scope asks for, as `find` takes it. It is checked when a data source is given the class. */
export interface ScopeDefinition {
  /**
   * What records must fulfil. A function is called for each query (of `live` and `events`, when they are subscribed to), so that it can go by
   * the time.
   */
  readonly where?: ScopeWhere | (() => ScopeWhere);
  /** The order of reads that name none. */
  readonly order?: Readonly<Record<string, unknown>>;
}

/** What `@DustEntity` may be given beside a plain prefix. */
export interface EntityOptions {
  /** Where the records lie, as a list of segments; a string is one segment. */
  readonly prefix: string | readonly string[];
  /**
   * What the entity is called in messages, events and tokens. Default: the name of the class, which is another one where a bundler
   * minifies names.
   */
  readonly name?: string;
  /** `flat` (default): one leaf for each field. `map`: every write replaces the whole record. */
  readonly mode?: StorageMode;
  /** The store of these records, `org/name`, when it is not the data source's. */
  readonly store?: string;
  /** What fields, those of nested classes included, have that say nothing of their own `coerce`. Default: what the data source says. */
  readonly coerce?: boolean;
  /** Whether a nullable property is null when the record has no value for it, instead of undefined. Default: false. */
  readonly nullsOnRead?: boolean;
  /** What reads can ask for by name: `find({ scope: 'active' })`. Default: none. */
  readonly scopes?: Readonly<Record<string, ScopeDefinition>>;
  /**
   * What applies to every read, and to writes with a where, that does not say `unscoped: true`: the name of a scope, several of them, or a
   * scope without a name. Default: none.
   */
  readonly defaultScope?: string | readonly string[] | ScopeDefinition;
  /**
   * What a record must be like as a whole: any Standard Schema, which is given a plain object of its properties, nested ones included. Writes of
   * a part of a record do not ask it.
   */
  readonly schema?: StandardSchema;
  /** The version of the records' form, from 1: what their leaf `_schema` says, which inserts write from 2 on. Default: records have no version. */
  readonly version?: number;
  /**
   * By version, what makes a record of the version before one of that version: pure functions, which are applied one after the other when
   * an older record is read, and whose outcome the next save or update of it writes. Default: none.
   */
  readonly upgrade?: Readonly<Record<number, UpgradeRecord>>;
  /** The name of the leaf that says a record's version. Default: `_schema`. */
  readonly versionName?: string;
}

/** A decorated property. The checks come later: here stands what was written. */
export interface PropertyDeclaration {
  readonly property: string | symbol;
  readonly isStatic: boolean;
}

/** What `@Slug` may be given. */
export interface SlugOptions {
  /**
   * What an insert gives an entity without a slug: a random UUID (`uuid`), a UUID of version 7 (`uuidv7`) or a ULID (`ulid`), which stand in
   * the order of their time, or what a function returns. Default: nothing; the entity has to bring one.
   */
  readonly generated?: SlugGeneration;
}

/** The slug as it was written. */
export interface SlugDeclaration extends PropertyDeclaration {
  readonly options: SlugOptions;
}

export interface FieldDeclaration extends PropertyDeclaration {
  /** The decorator's name, for messages. */
  readonly decorator: string;
  readonly role: FieldRole;
  readonly options: FieldOptions;
}

/** An index as it was written, on a property or on a class. */
export interface IndexDeclaration {
  readonly decorator: 'Index' | 'Unique';
  /** What is decorated; undefined when it is the class. */
  readonly decorated: PropertyDeclaration | undefined;
  /** What the decorator was given. */
  readonly args: readonly unknown[];
}

/** A hook as it was written. */
export interface HookDeclaration {
  readonly hook: HookName;
  /** The method that is decorated, or a function that is given the entity. */
  readonly listener: PropertyDeclaration | ((entity: object) => unknown);
}

/** What `@EventSubscriber` says of a class. */
export interface SubscriberDeclaration {
  /** The class whose entities it listens to; undefined for all. */
  readonly listensTo: EntityClass | undefined;
}

/** The class of the entity that a reference names, or a list with it for a list of slugs. A function, so that files may import each other. */
export type ReferenceTarget<T extends object = object> = () => EntityClass<T> | readonly EntityClass<T>[];

/** What `@Ref` may be given beside the class: what fits a field that holds a slug, and how its target is read. */
export interface ReferenceOptions extends Omit<
  FieldOptions,
  'type' | 'enum' | 'transformer' | 'coerce' | 'select'
> {
  /** The property that `populate` fills. Default: the name without `Id` at its end; of `tagIds`, `tags`. */
  readonly as?: string;
  /** Whether records are found by it without looking at all of them, as with `@Index()` beside it. Default: false. */
  readonly index?: boolean;
}

/** A reference as it was written. Its field is declared beside it. */
export interface ReferenceDeclaration extends PropertyDeclaration {
  /** What was given as the function that returns the class. */
  readonly target: unknown;
  /** What was given as the property to fill; undefined for the one its name says. */
  readonly as: unknown;
}

/** What was declared on one class itself, its base classes aside, in the order of the source. */
export interface ClassDeclarations {
  readonly entities: EntityOptions[];
  /** Whether a class that extends it, and is no entity of its own, is this entity. Default: false. */
  isExtended?: boolean;
  readonly slugs: SlugDeclaration[];
  readonly fields: FieldDeclaration[];
  readonly indexes: IndexDeclaration[];
  readonly hooks: HookDeclaration[];
  /** Whether it is a subscriber, and of what. */
  subscriber?: SubscriberDeclaration;
  readonly references: ReferenceDeclaration[];
}
