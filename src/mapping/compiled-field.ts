import type { EncodedPart, FieldMetadata } from '../metadata/types.js';
import type { JsonValue } from '../protocol/values/value.js';
import type { Codec } from './codecs/codec.js';

/**
 * How a value is taken over: `whole`, as the class makes instances, with its initialisers; `partial`, with the properties that were given
 * alone.
 */
export type AdoptionKind = 'whole' | 'partial';

/** One field with everything that turns its values into JSON and back. */
export interface CompiledField {
  readonly field: FieldMetadata;
  /** Of a single item, when the field holds a list. */
  readonly item: Codec;
  /** @throws CodecFault, also for null where it is not permitted */
  readonly encode: (value: unknown) => JsonValue;
  /** As {@link encode}, for a value that a store flattens when it is an object. @throws CodecFault */
  readonly encodeAtRest: (value: unknown) => JsonValue;
  /** @throws CodecFault, also for null where it is not permitted */
  readonly decode: (stored: JsonValue) => unknown;
  /** What the property is when the record has no value for the field: undefined where that is what the class itself gives it. */
  readonly decodeAbsent: () => unknown;
  /** Gives the property of an instance what {@link decodeAbsent} says. */
  readonly fillAbsent: (instance: object) => void;
  /** Whether {@link fillAbsent} may do anything. */
  readonly fillsAbsent: boolean;
  /** What an insert writes when the property of `source` is undefined; `undefined` for nothing. */
  readonly makeDefault: (source: object) => unknown;
  /**
   * The value as an instance of the class would have it: plain objects as instances of the nested class, what can be coerced coerced.
   * The same value when there is nothing to do; never changes what it was given. Undefined for fields of which nothing is to be done.
   */
  readonly adopt: ((value: unknown, kind: AdoptionKind) => unknown) | undefined;
  /** The fields of a single nested object; undefined for other fields, and where class-transformer maps it. */
  readonly members: (() => readonly CompiledField[]) | undefined;
  /**
   * The defined members of an object, each by itself, down to those that are no objects with members. Undefined for fields that are written
   * as a whole.
   *
   * @throws CodecFault
   */
  readonly encodeParts: ((value: object) => readonly EncodedPart[]) | undefined;
}
