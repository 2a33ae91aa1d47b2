import type { EncodedField, EntityMetadata } from '../metadata/types.js';
import { jsonEquals } from '../protocol/json.js';
import type { JsonValue } from '../protocol/value.js';
import { CodecFault } from './codecs/codec.js';
import type { CompiledField } from './compiled-field.js';
import type { Encoder } from './encoder.js';
import { ownOperationOnly } from './errors.js';
import { propertiesOf } from './properties.js';

/** Finds what changed in an instance since its values were stored. */
export class ChangeDetector {
  readonly #metadata: EntityMetadata;
  readonly #fields: readonly CompiledField[];
  readonly #encoder: Encoder;

  constructor(metadata: EntityMetadata, fields: readonly CompiledField[], encoder: Encoder) {
    this.#metadata = metadata;
    this.#fields = fields;
    this.#encoder = encoder;
  }

  /**
   * The fields whose property differs from what is stored. `pristine` is a new instance: a property that the record
   * did not have is compared with what the class itself gives it.
   *
   * @throws InvalidValueError for a value that cannot be stored, and for a counter or set that differs
   */
  changes(
    entity: object,
    stored: readonly (JsonValue | undefined)[],
    pristine: () => object,
  ): EncodedField[] {
    return this.#fields.flatMap((compiled, i) => {
      const change = this.#change(entity, compiled, stored[i], pristine);
      const { field } = compiled;
      if (change !== undefined && (field.role === 'counter' || field.role === 'set')) {
        throw ownOperationOnly(this.#metadata, field.propertyName, field.role);
      }
      return change ?? [];
    });
  }

  /** Whether the program itself gave the entity a time of its last change. */
  setsUpdatedAt(entity: object, stored: readonly (JsonValue | undefined)[] | undefined): boolean {
    const i = this.#fields.findIndex(({ field }) => field.role === 'updatedAt');
    const compiled = this.#fields[i];
    return compiled !== undefined && this.#change(entity, compiled, stored?.[i], () => ({})) !== undefined;
  }

  #change(
    entity: object,
    compiled: CompiledField,
    stored: JsonValue | undefined,
    pristine: () => object,
  ): EncodedField | undefined {
    const { field } = compiled;
    const value = propertiesOf(entity)[field.propertyName];
    if (value === undefined) return undefined;
    const encoded = this.#encoder.encodeField(compiled, value);
    return isUnchanged(compiled, encoded, stored, pristine) ? undefined : { field, value: encoded };
  }
}

/**
 * A stored value may be written in another way than this package writes it, such as a date in another time zone. So
 * it is compared as it stands first, and then as it would be written.
 */
function isUnchanged(
  compiled: CompiledField,
  encoded: JsonValue,
  stored: JsonValue | undefined,
  pristine: () => object,
): boolean {
  if (stored !== undefined && jsonEquals(encoded, stored)) return true;
  return jsonEquals(encoded, rewritten(compiled, stored, pristine));
}

function rewritten(
  compiled: CompiledField,
  stored: JsonValue | undefined,
  pristine: () => object,
): JsonValue | undefined {
  const { field } = compiled;
  try {
    if (stored !== undefined) return compiled.encode(compiled.decode(stored));
    if (field.role === 'counter') return 0;
    if (field.role === 'set') return [];
    const initial = propertiesOf(pristine())[field.propertyName];
    return initial === undefined ? undefined : compiled.encode(initial);
  } catch (error) {
    if (error instanceof CodecFault) return undefined;
    throw error;
  }
}
