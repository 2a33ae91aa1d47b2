import type { JsonValue } from '../protocol/values/value.js';
import type { Path } from '../protocol/paths/path.js';
import type { IndexDefinition } from '../protocol/values/record-access.js';
import type { StandardSchema } from './standard-schema.js';

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

/** How slugs are made: at random, in the order of time, or by a function of one's own. */
export type SlugGeneration = 'uuid' | 'uuidv7' | 'ulid' | (() => string);

/** When a hook of an entity is called: before or after it is written so, or after it was read. */
export type HookName =
  | 'afterLoad'
  | 'beforeSave'
  | 'beforeInsert'
  | 'afterInsert'
  | 'beforeUpdate'
  | 'afterUpdate'
  | 'afterSave'
  | 'beforeRemove'
  | 'afterRemove'
  | 'beforeSoftRemove'
  | 'afterSoftRemove'
  | 'beforeRecover'
  | 'afterRecover';

/** What is called: the entity's method of this name, or a function that is given the entity. */
export type EntityHook = string | symbol | ((entity: object) => unknown);

/** The hooks of an entity, in the order in which they are called. */
export type EntityHooks = Readonly<Partial<Record<HookName, readonly EntityHook[]>>>;

/** Converts between a property's value and what is stored, as TypeORM's transformers do. `to` runs before the codec, `from` after it. */
export interface ValueTransformer<Property = unknown, Stored = unknown> {
  /** What the type stores, from the value of the property. */
  to(value: Property): Stored;
  /** The value of the property, from what was stored. */
  from(value: Stored): Property;
}

/** A stored record as plain nested JSON: what it holds by the names on the wire, without its version. */
export type RawRecord = Record<string, JsonValue | undefined>;

/**
 * Makes a stored record of one version one of the next. Pure: what it returns depends on what it is given alone, as it may be called at every
 * read. It is given a copy, which it may change and return.
 */
export type UpgradeRecord = (raw: RawRecord, slug: string) => Readonly<Record<string, unknown>>;

/** Which form records have, and how older ones get it. */
export interface SchemaVersion {
  /** The version that the class reads and writes, from 1. */
  readonly number: number;
  /** The leaf's segment on the wire, unescaped. */
  readonly wireName: string;
  /** The leaf's segment as it stands in rendered paths. */
  readonly wireSegment: string;
  /** What makes a record one of that version, by version. */
  readonly upgrades: ReadonlyMap<number, UpgradeRecord>;
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
  /** False where inserts write its default alone, if it has one. */
  readonly insert?: boolean;
  /** False where nothing but an insert writes it. */
  readonly update?: boolean;
  /** What values must be like beside their type; absent where nothing more is said. */
  readonly schema?: StandardSchema;
  /** Its names on the wire before, unescaped, the latest first; absent when there are none. */
  readonly earlierNames?: readonly string[];
  /** Whether records without it read with its default; absent when they do not. */
  readonly applyOnRead?: boolean;
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

/** A field that holds the slug of another record, or a list of slugs. */
export interface ReferenceMetadata {
  /** The property that holds the slug. */
  readonly property: string;
  /** The property that `populate` fills with what the slug names. It is never stored. */
  readonly as: string;
  /** The entity class that the slug is one of. */
  readonly target: EntityClass;
  /** Whether it is a list of slugs. */
  readonly array: boolean;
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
  /** How the slugs of entities are made that are inserted without one; absent where they are not. */
  readonly slugGenerated?: SlugGeneration;
  /** What is called when entities are read and written, the base class's first; absent where nothing is. */
  readonly hooks?: EntityHooks;
  /** The field with `@DeletedAtField()`, if there is one: records with a value in it are deleted, as far as reads are concerned. */
  readonly deletedAtField?: FieldMetadata | undefined;
  /** What `scopes` and `defaultScope` of `@DustEntity` say; undefined where they say nothing. */
  readonly scopes?: EntityScopes | undefined;
  /** The fields that name other records, in declaration order. */
  readonly references: readonly ReferenceMetadata[];
  /** What whole records must be like; absent where nothing is said. */
  readonly schema?: StandardSchema;
  /** The version of the records' form; absent when they have none. */
  readonly schemaVersion?: SchemaVersion;
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
  /** Whether it is a default that a read applied, to be written only where the record has no value yet. */
  readonly onlyAbsent?: boolean;
}
