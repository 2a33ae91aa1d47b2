import type { EncodedField, EncodedPart, EntityMetadata } from '../metadata/types.js';
import { jsonEquals } from '../protocol/values/json.js';
import { unwrapJson } from '../protocol/values/stored-values.js';
import type { JsonValue } from '../protocol/values/value.js';
import { isMap, isObject } from '../protocol/values/value.js';
import { CodecFault } from './codecs/codec.js';
import { isRecordLike } from './codecs/nested.js';
import type { CompiledField } from './compiled-field.js';
import type { Encoder } from './encoder.js';
import { ownOperationOnly } from './errors.js';
import type { FieldFault } from './validation/field-faults.js';
import { encodePartly } from './nested/partly.js';
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
   * The fields whose property differs from what is stored; of nested objects, the parts that do. `pristine` is a new instance: a
   * property that the record did not have is compared with what the class itself gives it. Values that cannot be stored are noted in
   * `faults`.
   *
   * @throws InvalidValueError for a counter or set that differs
   */
  changes(
    entity: object,
    stored: readonly (JsonValue | undefined)[],
    pristine: () => object,
    faults?: FieldFault[],
  ): EncodedField[] {
    return this.#fields.flatMap((compiled, i) => {
      const change = this.#change(entity, compiled, stored[i], pristine, faults);
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
    if (compiled === undefined) return false;
    return this.#change(entity, compiled, stored?.[i], () => ({}), []) !== undefined;
  }

  #change(
    entity: object,
    compiled: CompiledField,
    stored: JsonValue | undefined,
    pristine: () => object,
    faults: FieldFault[] | undefined,
  ): EncodedField | undefined {
    const { field } = compiled;
    const value = propertiesOf(entity)[field.propertyName];
    if (value === undefined || field.update === false) return undefined;
    if (compiled.encodeParts !== undefined && isRecordLike(value)) {
      return this.#nestedChange(compiled, value, stored, pristine, faults);
    }
    const encoded = this.#encoder.encodeField(compiled, value, faults);
    if (encoded === undefined) return undefined;
    return isUnchanged(compiled, encoded, stored, pristine) ? undefined : { field, value: encoded };
  }

  #nestedChange(
    compiled: CompiledField,
    value: object,
    stored: JsonValue | undefined,
    pristine: () => object,
    faults: FieldFault[] | undefined,
  ): EncodedField | undefined {
    const encoded = this.#encoder.encodeParts(compiled, value, faults);
    if (encoded === undefined) return undefined;
    const { parts = [] } = encoded;
    const object = stored === undefined ? undefined : unwrapJson(stored);
    if (stored !== undefined && (isMap(stored) || (object !== stored && isObject(object)))) {
      const changed = changedParts(parts, compiled, stored, isMap(stored) ? stored : object);
      return changed.length === 0 ? undefined : encodePartly(this.#metadata, compiled, value, changed);
    }
    try {
      if (isUnchanged(compiled, compiled.encode(value), stored, pristine)) return undefined;
    } catch (error) {
      // What a whole object lacks, those tell who know that the record has none.
      if (!(error instanceof CodecFault)) throw error;
    }
    return encoded;
  }
}

/** Those of the parts of a nested object that differ from what is stored of it. */
function changedParts(
  parts: readonly EncodedPart[],
  compiled: CompiledField,
  stored: JsonValue,
  object: JsonValue | undefined,
): EncodedPart[] {
  let asWritten: ReadonlyMap<string, JsonValue> | undefined;
  return parts.filter(({ path, value }) => {
    const present = valueAt(object, path);
    if (present !== undefined && (jsonEquals(value, present) || jsonEquals(unwrapJson(value), present))) {
      return false;
    }
    asWritten ??= rewrittenParts(compiled, stored);
    return !jsonEquals(value, asWritten.get(JSON.stringify(path)));
  });
}

/** The parts that an instance has which was read from what is stored, by their paths: its initialisers have their say, too. */
function rewrittenParts(
  { decode, encodeParts }: CompiledField,
  stored: JsonValue,
): ReadonlyMap<string, JsonValue> {
  try {
    const read = decode(stored);
    const parts = isRecordLike(read) ? encodeParts?.(read) : undefined;
    return new Map((parts ?? []).map(({ path, value }) => [JSON.stringify(path), value]));
  } catch (error) {
    if (error instanceof CodecFault) return new Map();
    throw error;
  }
}

function valueAt(object: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>(
    (value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    object,
  );
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
    const absent = compiled.decodeAbsent();
    if (absent !== undefined && absent !== null) return compiled.encode(absent);
    const initial = propertiesOf(pristine())[field.propertyName];
    if (initial !== undefined) return compiled.encode(initial);
    return absent === undefined ? undefined : compiled.encode(absent);
  } catch (error) {
    if (error instanceof CodecFault) return undefined;
    throw error;
  }
}
