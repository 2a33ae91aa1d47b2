import type { EncodedField, EntityMetadata } from '../metadata/types.js';
import type { JsonValue } from '../protocol/values/value.js';
import { CodecFault } from './codecs/codec.js';
import { isRecordLike } from './codecs/nested.js';
import type { CompiledField } from './compiled-field.js';
import { invalidValue, ownOperationOnly } from './errors.js';
import type { FieldFault } from './validation/field-faults.js';
import type { WriteMoment } from './moment.js';
import { NestedStamps } from './nested/nested-stamps.js';
import { encodePartly } from './nested/partly.js';
import { propertiesOf } from './properties.js';
import type { WriteKind } from './types.js';

/** What an encoding covers. */
export interface EncodeOptions {
  readonly kind: WriteKind;
  /** Whether nested objects are written part by part. */
  readonly byParts: boolean;
  /** Whether counters and sets are refused, because the write would undo changes of others. */
  readonly refuseCountersAndSets: boolean;
  /** Whether `updatedAt` gets the time even where the property has a value, which is then an old one. */
  readonly renewUpdatedAt: boolean;
  /** Where values that cannot be stored are noted. Left out, the first of them is thrown. */
  readonly faults?: FieldFault[] | undefined;
}

/** Encodes the defined properties of entities and partials of one class. */
export class Encoder {
  readonly #metadata: EntityMetadata;
  readonly #fields: readonly CompiledField[];
  readonly #moment: WriteMoment;
  readonly #updatedAt: number;
  readonly #nested: NestedStamps;

  constructor(metadata: EntityMetadata, fields: readonly CompiledField[], moment: WriteMoment) {
    this.#metadata = metadata;
    this.#fields = fields;
    this.#moment = moment;
    this.#nested = new NestedStamps(metadata, fields, moment);
    this.#updatedAt = fields.findIndex(({ field }) => field.role === 'updatedAt');
  }

  /**
   * The defined properties, encoded, in declaration order. An update without any property stays empty: a time stamp
   * alone is no change.
   *
   * @throws InvalidValueError
   */
  encode(source: object, options: EncodeOptions): EncodedField[] {
    this.#moment.begin();
    const properties = propertiesOf(source);
    const encoded: EncodedField[] = [];
    let stampAt: number | undefined;
    for (let i = 0; i < this.#fields.length; i++) {
      const compiled = this.#fields[i];
      if (compiled === undefined) break;
      const value = this.#valueToWrite(compiled, properties[compiled.field.propertyName], source, options);
      if (i === this.#updatedAt && (value === undefined || options.renewUpdatedAt)) stampAt = encoded.length;
      else if (value !== undefined) this.#add(encoded, compiled, value, options);
    }
    if (stampAt !== undefined && (encoded.length > 0 || options.kind === 'insert')) {
      encoded.splice(stampAt, 0, ...this.#stamp());
    }
    return options.byParts ? [...this.#nested.stampChange(encoded)] : encoded;
  }

  /** @throws InvalidValueError, unless there is a place to note faults in */
  encodeField(compiled: CompiledField, value: unknown, faults?: FieldFault[]): JsonValue | undefined {
    try {
      return compiled.encode(value);
    } catch (error) {
      this.#note(compiled, error, faults);
      return undefined;
    }
  }

  /** A nested object, part by part. @throws InvalidValueError, unless there is a place to note faults in */
  encodeParts(compiled: CompiledField, value: object, faults?: FieldFault[]): EncodedField | undefined {
    try {
      return encodePartly(this.#metadata, compiled, value);
    } catch (error) {
      this.#note(compiled, error, faults);
      return undefined;
    }
  }

  /** Adds the time of a change to changed fields that lack it, in declaration order. */
  stampChange(changes: readonly EncodedField[]): EncodedField[] {
    const changed = [...this.#nested.stampChange(changes)];
    if (this.#updatedAt < 0 || changed.length === 0) return changed;
    if (changed.some(({ field }) => field.role === 'updatedAt')) return changed;
    const later = new Set(this.#fields.slice(this.#updatedAt).map(({ field }) => field));
    const place = changed.findIndex(({ field }) => later.has(field));
    return changed.toSpliced(place < 0 ? changed.length : place, 0, ...this.#stamp());
  }

  /** The present time in the `deletedAt` field, or null there, with the time of the change; empty where the class has no such field. */
  deletion(isDeleted: boolean): EncodedField[] {
    this.#moment.begin();
    const compiled = this.#fields.find(({ field }) => field.role === 'deletedAt');
    if (compiled === undefined) return [];
    const value = compiled.encode(isDeleted ? this.#moment.now() : null);
    return this.stampChange([{ field: compiled.field, value }]);
  }

  /** The present time in the `updatedAt` field; empty where there is none. */
  timeOfChange(): EncodedField[] {
    this.#moment.begin();
    return this.#stamp();
  }

  #add(
    encoded: EncodedField[],
    compiled: CompiledField,
    value: unknown,
    { byParts, faults }: EncodeOptions,
  ): void {
    const { field } = compiled;
    if (byParts && compiled.encodeParts !== undefined && isRecordLike(value)) {
      const parts = this.encodeParts(compiled, value, faults);
      if (parts !== undefined) encoded.push(parts);
      return;
    }
    const whole = this.encodeField(compiled, value, faults);
    if (whole !== undefined) encoded.push({ field, value: whole });
  }

  #note({ field }: CompiledField, error: unknown, faults: FieldFault[] | undefined): void {
    if (faults === undefined || !(error instanceof CodecFault)) {
      throw invalidValue(this.#metadata, field.propertyName, error);
    }
    for (const fault of error.all) faults.push({ property: field.propertyName, fault });
  }

  #valueToWrite(compiled: CompiledField, given: unknown, source: object, options: EncodeOptions): unknown {
    const { field, makeDefault } = compiled;
    const value = field[options.kind] === false ? undefined : given;
    if (value === undefined) {
      if (options.kind === 'update' || field.role === 'updatedAt') return undefined;
      const made = makeDefault(source);
      return made === undefined ? this.#nested.initial(compiled) : made;
    }
    if (options.refuseCountersAndSets && (field.role === 'counter' || field.role === 'set')) {
      throw ownOperationOnly(this.#metadata, field.propertyName, field.role);
    }
    return value;
  }

  #stamp(): EncodedField[] {
    const compiled = this.#fields[this.#updatedAt];
    return compiled === undefined
      ? []
      : [{ field: compiled.field, value: compiled.encode(this.#moment.now()) }];
  }
}
