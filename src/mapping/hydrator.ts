import type { EntityMetadata, FieldMetadata } from '../metadata/types.js';
import type { JsonValue } from '../protocol/values/value.js';
import { unwrapJson } from '../protocol/values/stored-values.js';
import { isObject } from '../protocol/values/value.js';
import { CodecFault } from './codecs/codec.js';
import { fillMembers } from './nested/nested-stamps.js';
import type { CompiledField } from './compiled-field.js';
import { applyDefaults } from './evolution/apply-defaults.js';
import { propertiesOf } from './properties.js';
import { noteStoredNull } from './stored-nulls.js';
import type { RecordLayout } from './record-layout.js';
import type { RecordProblem, StoredRecord } from './types.js';

/** How filling an instance went: the record is no entity (`problem`), or it has leaves that no field claims. */
export interface FillResult {
  readonly problem?: RecordProblem;
  readonly unrecognised?: readonly string[];
  /** The defaults that stand for fields which the record lacks. */
  readonly applied?: ReadonlyMap<FieldMetadata, JsonValue>;
}

const CLEAN: FillResult = {};

/** Fills instances of one entity from stored records. */
export class Hydrator {
  readonly #slugProperty: string;
  readonly #versionProperty: string | undefined;
  readonly #layout: RecordLayout;
  readonly #fields: readonly CompiledField[];
  readonly #requiredCount: number;
  /** Counters and sets, which exist before their first change. */
  readonly #presentUnstored: readonly CompiledField[];
  /** Whether there are fields of which something is to be done when the record has no value for them. */
  readonly #fillsAbsent: boolean;

  constructor(
    { slugProperty, versionField }: EntityMetadata,
    fields: readonly CompiledField[],
    layout: RecordLayout,
  ) {
    this.#slugProperty = slugProperty;
    this.#versionProperty = versionField?.propertyName;
    this.#layout = layout;
    this.#fields = fields;
    this.#requiredCount = fields.filter(({ field }) => field.required).length;
    this.#presentUnstored = fields.filter(({ field }) => field.role === 'counter' || field.role === 'set');
    this.#fillsAbsent = fields.some(({ fillsAbsent, field }) => fillsAbsent || field.applyOnRead === true);
  }

  /**
   * Sets the properties that the record has. Others keep what the class gave them, except that a missing counter is 0
   * and a missing set empty.
   */
  fill(entity: object, record: StoredRecord): FillResult {
    const properties = propertiesOf(entity);
    properties[this.#slugProperty] = record.slug;
    if (this.#versionProperty !== undefined) properties[this.#versionProperty] = record.revision;
    for (const { field, decode } of this.#presentUnstored) properties[field.propertyName] = decode(null);
    try {
      if (!this.#fillsAbsent && this.#fillFromLeaves(properties, record)) return CLEAN;
    } catch (error) {
      if (!(error instanceof CodecFault)) throw error;
    }
    return this.#fillFromValues(entity, record);
  }

  /**
   * Sets the properties that a write has filled in, but for those left out: the version, the times of the change and of a soft delete,
   * and what was undefined.
   */
  fillWritten(
    entity: object,
    written: ReadonlyMap<FieldMetadata, JsonValue | undefined>,
    revision: number,
    leftOut?: ReadonlySet<string>,
  ): void {
    // The write is committed: an entity that cannot be told of it must not make it look failed.
    if (Object.isFrozen(entity)) return;
    const properties = propertiesOf(entity);
    const isIn = (property: string): boolean => leftOut?.has(property) !== true;
    if (this.#versionProperty !== undefined && isIn(this.#versionProperty)) {
      properties[this.#versionProperty] = revision;
    }
    for (const { field, decode, members } of this.#fields) {
      const stored = written.get(field);
      if (stored === undefined || !isIn(field.propertyName)) continue;
      if (isOfTheWrite(field) || properties[field.propertyName] === undefined) {
        properties[field.propertyName] = decode(stored);
      } else if (members !== undefined) {
        const object = unwrapJson(stored);
        const present = properties[field.propertyName];
        const isFilled = field.nestedClass !== undefined && present instanceof field.nestedClass;
        if (isFilled && isObject(object) && !Object.isFrozen(present)) {
          fillMembers(members(), present, object);
        }
      }
    }
  }

  /** The fast way, for records in which every leaf is a whole field. Returns false when this one has more to it. */
  #fillFromLeaves(properties: Record<string, unknown>, { slug, leaves }: StoredRecord): boolean {
    const start = this.#layout.start(slug);
    let expected = 0;
    let met = 0;
    for (const { path, value } of leaves) {
      const slot = this.#layout.slotAt(path, start, expected);
      if (slot === undefined || slot.flattened) return false;
      const { field, decode } = slot.compiled;
      if (field.required) {
        if (value === null) return false;
        met++;
      }
      properties[field.propertyName] = decode(value);
      expected = slot.position + 1;
    }
    return met === this.#requiredCount;
  }

  #fillFromValues(entity: object, record: StoredRecord): FillResult {
    const properties = propertiesOf(entity);
    const { values, unrecognised } = this.#layout.read(record);
    const missing: string[] = [];
    const malformed: { field: string; reason: string }[] = [];
    const lacking: CompiledField[] = [];
    this.#fields.forEach((compiled, i) => {
      const { field, decode, fillAbsent, fillsAbsent } = compiled;
      const stored = values[i];
      if (field.applyOnRead === true && (stored === undefined || (stored === null && field.required))) {
        lacking.push(compiled);
      } else if (field.required && (stored === undefined || stored === null)) {
        missing.push(field.wireName);
      } else if (stored !== undefined) {
        const fault = faultOf(() => {
          const value = decode(stored);
          properties[field.propertyName] = value;
          if (stored === null && field.transformers.length > 0 && value !== null) {
            noteStoredNull(entity, field);
          }
        });
        if (fault !== undefined) malformed.push({ field: field.wireName, reason: reasonOf(fault) });
      } else if (fillsAbsent && field.role !== 'counter' && field.role !== 'set') {
        fillAbsent(entity);
      }
    });
    const applied = lacking.length === 0 ? undefined : applyDefaults(lacking, entity, missing, malformed);
    if (missing.length > 0 || malformed.length > 0) {
      return { problem: { slug: record.slug, missing, unrecognised: unrecognised ?? [], malformed } };
    }
    if (applied !== undefined) return { applied, ...(unrecognised && { unrecognised }) };
    return unrecognised === undefined ? CLEAN : { unrecognised };
  }
}

/** Whether the property says something of the write itself, and has an old value until it is told. */
export function isOfTheWrite({ role }: FieldMetadata): boolean {
  return role === 'updatedAt' || role === 'deletedAt';
}

function reasonOf({ at, message }: CodecFault): string {
  return at === '' ? message : `${at}: ${message}`;
}

function faultOf(decode: () => void): CodecFault | undefined {
  try {
    decode();
    return undefined;
  } catch (error) {
    if (error instanceof CodecFault) return error;
    throw error;
  }
}
