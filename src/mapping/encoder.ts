import type { Clock } from '../clock.js';
import type { EncodedField, EntityMetadata } from '../metadata/types.js';
import type { JsonValue } from '../protocol/value.js';
import type { CompiledField } from './compiled-field.js';
import { invalidValue, ownOperationOnly } from './errors.js';
import { propertiesOf } from './properties.js';
import type { WriteKind } from './types.js';

/** What an encoding covers. */
export interface EncodeOptions {
  readonly kind: WriteKind;
  /** Whether counters and sets are refused, because the write would undo changes of others. */
  readonly refuseCountersAndSets: boolean;
  /** Whether `updatedAt` gets the time even where the property has a value, which is then an old one. */
  readonly renewUpdatedAt: boolean;
}

/** Encodes the defined properties of entities and partials of one class. */
export class Encoder {
  readonly #metadata: EntityMetadata;
  readonly #fields: readonly CompiledField[];
  readonly #clock: Clock;
  readonly #updatedAt: number;

  constructor(metadata: EntityMetadata, fields: readonly CompiledField[], clock: Clock) {
    this.#metadata = metadata;
    this.#fields = fields;
    this.#clock = clock;
    this.#updatedAt = fields.findIndex(({ field }) => field.role === 'updatedAt');
  }

  /**
   * The defined properties, encoded, in declaration order. An update without any property stays empty: a time stamp
   * alone is no change.
   *
   * @throws InvalidValueError
   */
  encode(source: object, options: EncodeOptions): EncodedField[] {
    const properties = propertiesOf(source);
    const encoded: EncodedField[] = [];
    let stampAt: number | undefined;
    let moment: Date | undefined;
    const now = (): Date => (moment ??= this.#now());
    for (let i = 0; i < this.#fields.length; i++) {
      const compiled = this.#fields[i];
      if (compiled === undefined) break;
      const { field } = compiled;
      const value = this.#valueToWrite(compiled, properties[field.propertyName], options, now);
      if (i === this.#updatedAt && (value === undefined || options.renewUpdatedAt)) stampAt = encoded.length;
      else if (value !== undefined) encoded.push({ field, value: this.encodeField(compiled, value) });
    }
    if (stampAt !== undefined && (encoded.length > 0 || options.kind === 'insert')) {
      encoded.splice(stampAt, 0, ...this.#stamp(now()));
    }
    return encoded;
  }

  /** @throws InvalidValueError */
  encodeField(compiled: CompiledField, value: unknown): JsonValue {
    try {
      return compiled.encode(value);
    } catch (error) {
      throw invalidValue(this.#metadata, compiled.field.propertyName, error);
    }
  }

  /** Adds the time of a change to changed fields that lack it, in declaration order. */
  stampChange(changed: EncodedField[]): EncodedField[] {
    if (this.#updatedAt < 0 || changed.length === 0) return changed;
    if (changed.some(({ field }) => field.role === 'updatedAt')) return changed;
    const later = new Set(this.#fields.slice(this.#updatedAt).map(({ field }) => field));
    const place = changed.findIndex(({ field }) => later.has(field));
    return changed.toSpliced(place < 0 ? changed.length : place, 0, ...this.#stamp(this.#now()));
  }

  /** The present time in the `updatedAt` field; empty where there is none. */
  timeOfChange(): EncodedField[] {
    return this.#stamp(this.#now());
  }

  #valueToWrite(
    { field, makeDefault }: CompiledField,
    value: unknown,
    options: EncodeOptions,
    now: () => Date,
  ): unknown {
    if (value === undefined) {
      if (options.kind === 'update') return undefined;
      return field.role === 'createdAt' ? now() : makeDefault();
    }
    if (options.refuseCountersAndSets && (field.role === 'counter' || field.role === 'set')) {
      throw ownOperationOnly(this.#metadata, field.propertyName, field.role);
    }
    return value;
  }

  #stamp(now: Date): EncodedField[] {
    const compiled = this.#fields[this.#updatedAt];
    return compiled === undefined ? [] : [{ field: compiled.field, value: compiled.encode(now) }];
  }

  #now(): Date {
    return new Date(this.#clock.now());
  }
}
