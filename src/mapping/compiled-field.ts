import type { FieldMetadata } from '../metadata/types.js';
import type { JsonValue } from '../protocol/value.js';
import type { Codec } from './codecs/codec.js';

/** One field with everything that turns its values into JSON and back. */
export interface CompiledField {
  readonly field: FieldMetadata;
  /** Of a single item, when the field holds a list. */
  readonly item: Codec;
  /** @throws CodecFault, also for null where it is not permitted */
  readonly encode: (value: unknown) => JsonValue;
  /** @throws CodecFault, also for null where it is not permitted */
  readonly decode: (stored: JsonValue) => unknown;
  /** What an insert writes when the property is undefined; `undefined` for nothing. */
  readonly makeDefault: () => unknown;
}
