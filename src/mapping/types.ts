import type { RecordEvolution } from './evolution/record-evolution.js';
import type { AdoptionKind } from './compiled-field.js';
import type { FieldFault } from './validation/field-faults.js';
import type { EncodedField, EntityMetadata, FieldMetadata } from '../metadata/types.js';
import type { JsonValue, Leaf } from '../protocol/values/value.js';

/** One record as read from a store, at one moment. */
export interface StoredRecord {
  readonly slug: string;
  /** The record's leaves at and below `<prefix>/<slug>`, in store order; at least one. */
  readonly leaves: readonly Leaf[];
  /** The greatest revision among the leaves. */
  readonly revision: number;
}

/** Why a stored record cannot be handed out as an entity. */
export interface RecordProblem {
  /** The slug of the record. */
  readonly slug: string;
  /** Wire names of required fields that are absent or null. */
  readonly missing: readonly string[];
  /**
   * Wire names (first segments below the record) that no field claims; of leaves below a scalar field, the path from
   * the record; of a leaf at the record's own path, the empty string.
   */
  readonly unrecognised: readonly string[];
  /** Fields whose stored value does not fit their type, with what was found. */
  readonly malformed: readonly {
    /** The wire name of the field. */
    readonly field: string;
    /** What was found, and what was expected. */
    readonly reason: string;
  }[];
  /** Why the record could not be brought to the version of the class; absent when it could. */
  readonly upgrade?: string;
}

/** In what a stored record is older than its class. */
export interface RecordAge {
  /** The version that it is stored in, where that is an earlier one. */
  readonly version: number | undefined;
  /** The earlier names of fields that it has values under. */
  readonly earlierNames: readonly string[];
}

export type HydrateResult<T> =
  | {
      readonly entity: T;
      /** As {@link RecordProblem.unrecognised}; absent when every leaf belongs to a field. */
      readonly unrecognised?: readonly string[];
      /** In what the record is older than the class; absent when it is not. */
      readonly age?: RecordAge;
      /** Wire names of fields that it lacks and that read with their default; absent when there are none. */
      readonly applied?: readonly string[];
      readonly problem?: never;
    }
  | {
      readonly problem: RecordProblem;
      readonly entity?: never;
      readonly unrecognised?: never;
      readonly age?: never;
      readonly applied?: never;
    };

/** Which write an encoding is for: it decides about defaults, time stamps and fields that may not be written this way. */
export type WriteKind = 'insert' | 'update';

/** Turns instances of one entity class into wire values and stored records into instances. Compiled once per class. */
export interface EntityMapper<T extends object> {
  readonly metadata: EntityMetadata<T>;
  /** What is known of records that older classes wrote; undefined for a class that knows of none. */
  readonly evolution: RecordEvolution | undefined;

  /** An empty instance, with the class's own initialisers run. */
  instantiate(): T;
  /**
   * Gives `target` the slug and the fields that are defined in `like`, plain objects as instances of nested classes. A nested object
   * that `target` has keeps the members that `like` does not give, in an instance of its own.
   */
  merge(target: T, like: object): void;
  /**
   * What `source` is as an instance of its class: plain objects in nested fields as instances, values coerced; a partial without
   * initialisers. `source` itself when there is nothing to do. Never changes `source`.
   */
  adopted(source: object, kind: AdoptionKind): object;
  /**
   * The properties that are undefined in `entity`, or not whole, and that an insert of these fields gives values to; those of counters and
   * sets besides.
   */
  filledIn(entity: object, fields: readonly EncodedField[]): object;
  /** The entity's slug. @throws DustError `invalid_value` when it is missing, empty or not a string */
  slugOf(entity: object): string;

  /** The record as an instance (and its snapshot remembered), or why it cannot be one. Never throws for stored data. */
  hydrate(record: StoredRecord): HydrateResult<T>;

  /**
   * The defined fields of an entity or partial, encoded, in declaration order. `undefined` properties are left out;
   * on insert, defaults and `createdAt`/`updatedAt` are filled in; on update, `updatedAt`, and nested objects come in parts.
   * Values that cannot be stored are noted in `faults`; without it, the first of them is thrown.
   *
   * @throws DustError `invalid_value` naming class, property and cure
   */
  encode(source: object, kind: WriteKind, faults?: FieldFault[]): EncodedField[];

  /**
   * The fields of a loaded instance that differ from what was loaded, encoded; `undefined` when the instance was not
   * loaded. Counter and set fields that differ are refused: they change through their own operations.
   */
  changedFields(entity: object, faults?: FieldFault[]): EncodedField[] | undefined;
  /** The encoding of all defined fields of a loaded or new instance, with its counters and sets. */
  encodeAll(entity: object, kind: WriteKind, faults?: FieldFault[]): EncodedField[];
  /** What is remembered of a loaded instance, by field. */
  storedFields(entity: object): EncodedField[];

  /** The present time (null when the record is no longer `isDeleted`) for the field with `@DeletedAtField()`, with what every change writes. */
  encodeDeletion(isDeleted: boolean): EncodedField[];
  /** The present time for the field that says when a record was changed last, encoded; empty where no field says so. */
  encodeTimeOfChange(): EncodedField[];

  /** The record that an instance was read from; `undefined` when it is new, or has been written since. */
  recordOf(entity: object): StoredRecord | undefined;
  /**
   * Another instance of what an instance was loaded or last saved as, whole; `undefined` when it is new, and when too little is remembered
   * of it.
   */
  anotherOf(entity: object): T | undefined;
  /** The revision the instance was loaded or last saved at; `undefined` when it is new. */
  revisionOf(entity: object): number | undefined;
  /** The slug of the record that the instance was loaded from or last saved as, whatever it has now; `undefined` when it is new. */
  knownSlugOf(entity: object): unknown;
  /** Whether the instance was loaded from a record that is older than its class, and was not saved since. */
  isOutdated(entity: object): boolean;
  /** The properties that were left out of a loaded instance; `undefined` when it is whole, or new. */
  leftOutOf(entity: object): ReadonlySet<string> | undefined;
  /** Remembers the instance as stored with these values at this revision, and fills in its version and time stamp fields. */
  markStored(entity: object, fields: readonly EncodedField[], revision: number): void;
  /** As {@link markStored}, for one that has but some of its record's properties: those that are undefined count as left out. */
  markPartlyStored(entity: object, fields: readonly EncodedField[], revision: number): void;
  /** Remembers that these fields of its record were written and no others, whatever the storage mode, and gives the instance the time of a soft delete, or null. */
  markDeletion(entity: object, fields: readonly EncodedField[], revision: number): void;
  /** Remembers of `to` what is remembered of `from`, if anything. */
  shareMemory(from: object, to: object): void;
  /** Gives `to` what a write has filled in of `from`, and remembers of it the same. Nothing for what is frozen. */
  fillFrom(to: object, from: object): void;
  /** Forgets what was remembered, after a removal. */
  forget(entity: object): void;

  /**
   * One member of a set field, encoded.
   *
   * @throws DustError `invalid_value` naming class, property and cure
   */
  encodeMember(field: FieldMetadata, member: unknown): JsonValue;

  /**
   * The value of one field, decoded from leaves of its record alone; `undefined` when they hold none.
   *
   * @throws DustError `invalid_record` when the stored value does not fit the field
   */
  decode(field: FieldMetadata, leaves: readonly Leaf[]): unknown;
}
