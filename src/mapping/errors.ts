import { DustError } from '../errors.js';
import type { EntityMetadata, FieldMetadata } from '../metadata/types.js';
import type { PropertyError } from './peers/peer-types.js';
import { CodecFault } from './codecs/codec.js';
import { describe } from './codecs/describe.js';

/** A value that a property cannot have in the store. Kind `invalid_value`; nothing was written. */
export class InvalidValueError extends DustError {
  /** The name of the entity class. */
  readonly entityName: string;
  /** The name of the property. */
  readonly property: string;

  /** `text` goes on where the message has named class and property. */
  constructor(entityName: string, property: string, text: string, cause?: unknown) {
    super('invalid_value', `${entityName}.${property}${text}`, cause === undefined ? {} : { cause });
    this.name = 'InvalidValueError';
    this.entityName = entityName;
    this.property = property;
  }
}

/** A value that the field's codec refuses, or whatever else `error` is. */
export function invalidValue(metadata: EntityMetadata, property: string, error: unknown): unknown {
  if (!(error instanceof CodecFault)) return error;
  const text = `${error.at}: expected ${error.expected}, found ${error.found}. Nothing was written.`;
  return new InvalidValueError(metadata.name, property, text, error.cause);
}

/** A stored value that is not of its field's type, or whatever else `error` is. */
export function malformedValue(metadata: EntityMetadata, field: FieldMetadata, error: unknown): unknown {
  if (!(error instanceof CodecFault)) return error;
  return new DustError(
    'invalid_record',
    `${metadata.name}.${field.propertyName}${error.at}: the store holds ${error.found}, expected ${error.expected}.`,
  );
}

/** A slug that cannot name a record. */
export function invalidSlug(metadata: EntityMetadata, slug: unknown): InvalidValueError {
  const text = `: a slug is a non-empty, well-formed string, found ${slug === '' ? 'an empty string' : describe(slug)}. Set it before writing; nothing was written.`;
  return new InvalidValueError(metadata.name, metadata.slugProperty, text);
}

/** A counter or set that was assigned instead of changed. */
export function ownOperationOnly(
  metadata: EntityMetadata,
  property: string,
  role: 'counter' | 'set',
): InvalidValueError {
  const cure = role === 'counter' ? 'increment() and decrement()' : 'addTo() and removeFrom()';
  return new InvalidValueError(
    metadata.name,
    property,
    `: a ${role} field changes through ${cure} only. Leave it as it was read, or out of the update; nothing was written.`,
  );
}

/** A write of no field at all. */
export function nothingToWrite(metadata: EntityMetadata, slug: string): DustError {
  return new DustError(
    'nothing_to_write',
    `${metadata.name} ${JSON.stringify(slug)}: there is nothing to write. Every field is undefined; give at least one a value (null counts).`,
  );
}

/** A class whose records cannot be claimed on a transport that needs it. */
export function noClaim(metadata: EntityMetadata): DustError {
  return new DustError(
    'invalid_metadata',
    `${metadata.name}: an insert that fails when the record exists claims one required field, and the class has none. Mark a field that every record has as @Field({ required: true }); it may not be of type json or a nested class.`,
  );
}

/** A class that cannot be instantiated without arguments. */
export function constructorFailed(metadata: EntityMetadata, cause: unknown): DustError {
  return new DustError(
    'invalid_metadata',
    `${metadata.name}: its constructor threw when called without arguments. Records become instances that way; let every argument be optional.`,
    { cause },
  );
}

/** A nested class that needs class-transformer, before it was loaded. */
export function classTransformerNotLoaded(className: string): DustError {
  return new DustError(
    'not_initialized',
    `The nested class ${className} has no @Field and is mapped by class-transformer, which is loaded when a data source initializes. Initialize it first, or annotate the class with @Field.`,
  );
}

/** An entity that breaks the rules of its class. Kind `validation`; nothing was written. */
export class EntityValidationError extends DustError {
  /** The name of the entity class. */
  readonly entityName: string;
  /** The slug of the record, undefined when it has none yet. */
  readonly slug: string | undefined;
  /**
   * What is wrong, in the form of class-validator's `ValidationError`s: what it found itself, what schemas refuse (constraint `schema`), required
   * fields without a value (`isRequired`), null where there may be none (`isNotNull`) and values of another type (`isStorable`).
   */
  readonly errors: PropertyError[];

  /** `text` is the message. */
  constructor(entityName: string, slug: string | undefined, errors: PropertyError[], text: string) {
    super('validation', text);
    this.name = 'EntityValidationError';
    this.entityName = entityName;
    this.slug = slug;
    this.errors = errors;
  }
}
