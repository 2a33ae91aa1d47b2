import type { JsonValue } from '../protocol/value.js';
import type { Path } from '../protocol/path.js';
import type { IndexDefinition } from '../protocol/record-access.js';

/** A class that can be constructed without arguments. */
export type EntityClass<T extends object = object> = (abstract new (...args: never[]) => T) | (new () => T);

/** How records of an entity are written: `flat`, the changed fields alone, or `map`, always as a whole. */
export type StorageMode = 'flat' | 'map';

/** The declared type of a field's values (of each item, when the field is an array). */
export type FieldType =
  | 'string'
  | 'integer'
  | 'float'
  | 'boolean'
  | 'date'
  | 'bigint'
  | 'decimal'
  | 'bytes'
  | 'json'
  | 'enum'
  | 'nested'
  | 'file';

/**
 * What a field is for. `version` mirrors the record's revision and is never written; `createdAt` and `updatedAt`
 * are dates the mapper fills in; `deletedAt` is the date of a soft delete; `counter` and `set` change through their own operations; `file` holds
 * a reference.
 */
export type FieldRole =
  'plain' | 'counter' | 'set' | 'file' | 'version' | 'createdAt' | 'updatedAt' | 'deletedAt';

/** Converts between a property's value and what is stored, as TypeORM's transformers do. `to` runs before the codec, `from` after it. */
export interface ValueTransformer<Property = unknown, Stored = unknown> {
  /** What the type stores, from the value of the property. */
  to(value: Property): Stored;
  /** The value of the property, from what was stored. */
  from(value: Stored): Property;
}

/** `preserve` keeps property names, `snake_case` rewrites them, a function decides. An explicit `name` always wins. */
export type NamingStrategy = 'preserve' | 'snake_case' | ((propertyName: string) => string);

/** Everything the mapper knows about one field. */
export interface FieldMetadata {
  /** The name of the property in the class. */
  readonly propertyName: string;
  /** The field's segment on the wire, unescaped. */
  readonly wireName: string;
  /** The field's segment as it stands in rendered paths. */
  readonly wireSegment: string;
  /** What the field is for. */
  readonly role: FieldRole;
  /** The type of its values, or of each item. */
  readonly type: FieldType;
  /** Whether the value is a list of such values. */
  readonly array: boolean;
  /** Whether inserts and stored records must have it. */
  readonly required: boolean;
  /** Whether null may be written. */
  readonly nullable: boolean;
  /** Whether reads fill it in that do not ask for it by `select`. */
  readonly select: boolean;
  /** The value of inserts that leave it undefined, or a function that gives one. */
  readonly default: unknown;
  /** Applied in this order on writing, in the opposite order on reading. */
  readonly transformers: readonly ValueTransformer[];
  /** The permitted values of an `enum` field. */
  readonly enumValues: readonly (string | number)[] | undefined;
  /** The class of a `nested` field. */
  readonly nestedClass: EntityClass | undefined;
  /** Whether text that says a value of the type is taken for it. */
  readonly coerce: boolean;
  /** The nested class's own fields; absent when it has no `@Field` and class-transformer maps it. */
  readonly nestedFields?: readonly FieldMetadata[];
}

/** An index that the records of an entity are found by. */
export interface EntityIndex {
  /** The name it was declared with, for messages. One of a nested class stands behind the property: `address.places`. */
  readonly name?: string;
  /** What it is ordered by, a part of a nested object as `address.city`. */
  readonly properties: readonly string[];
  /** What the store is asked for. */
  readonly definition: IndexDefinition;
}

/** Conditions and an order that reads apply under a name, or by default. */
export interface EntityScope {
  /** What it is called; `defaultScope` for one that was written without a name. */
  readonly name: string;
  /** What records must fulfil: a where as `find` takes it, or a function that makes one for each query. Undefined: nothing. */
  readonly where?: unknown;
  /** The order of reads that name none. */
  readonly order?: unknown;
}

/** The scopes of an entity class. */
export interface EntityScopes {
  /** By name. */
  readonly named: ReadonlyMap<string, EntityScope>;
  /** Those that apply to every read that does not leave them off. */
  readonly byDefault: readonly EntityScope[];
}

/** Everything the mapper knows about one entity class, resolved for one naming strategy. */
export interface EntityMetadata<T extends object = object> {
  /** The class. */
  readonly target: EntityClass<T>;
  /** What it is called: the name in `@DustEntity`, or else the class's. */
  readonly name: string;
  /** The path above the records, as segments. */
  readonly prefix: readonly string[];
  /** The prefix, rendered. */
  readonly prefixPath: Path;
  /** How the records lie in the store. */
  readonly mode: StorageMode;
  /** The store of this entity when it differs from the data source's. */
  readonly store: string | undefined;
  /** The property that names the record. */
  readonly slugProperty: string;
  /** All fields in declaration order, the base class's first. The slug is not a field. */
  readonly fields: readonly FieldMetadata[];
  /** The fields by the name of their property. */
  readonly fieldByProperty: ReadonlyMap<string, FieldMetadata>;
  /** The fields by {@link FieldMetadata.wireSegment}. */
  readonly fieldByWireSegment: ReadonlyMap<string, FieldMetadata>;
  /** The field with `@VersionField()`, if there is one. */
  readonly versionField: FieldMetadata | undefined;
  /** Whether properties that the record has no value for are null, where they are nullable. */
  readonly nullsOnRead: boolean;
  /** What `@Index`, `@Unique` and `unique` declare, the base class's first, those of nested classes last. */
  readonly indexes: readonly EntityIndex[];
  /** The field with `@DeletedAtField()`, if there is one: records with a value in it are deleted, as far as reads are concerned. */
  readonly deletedAtField?: FieldMetadata | undefined;
  /** What `scopes` and `defaultScope` of `@DustEntity` say; undefined where they say nothing. */
  readonly scopes?: EntityScopes | undefined;
}

/** A member of a nested object, ready for the wire. */
export interface EncodedPart {
  /** The names on the wire from the field down, unescaped; at least one. */
  readonly path: readonly string[];
  readonly value: JsonValue;
}

/** A field's value ready for the wire. */
export interface EncodedField {
  readonly field: FieldMetadata;
  readonly value: JsonValue;
  /** The members of a nested object that are written, each by itself; its others stay as they are. Absent when the value is written whole. */
  readonly parts?: readonly EncodedPart[];
  /**
   * The value for a record that has none yet, with its defaults; goes with `parts`.
   *
   * @throws EntityValidationError when it lacks what is required
   */
  readonly whole?: (slug: string) => JsonValue;
  /**
   * Looks at what the field will hold; goes with `parts`.
   *
   * @throws EntityValidationError when an object in it lacks what is required
   */
  readonly check?: (value: JsonValue, slug: string) => void;
  /** Whether the parts are written only beside others that are there: time stamps alone make no object. */
  readonly onlyBeside?: boolean;
}
