import type { EntityMetadata, FieldMetadata } from '../metadata/types.js';
import type { JsonValue } from '../protocol/value.js';
import { CodecFault } from './codecs/codec.js';
import type { CompiledField } from './compile-field.js';
import { propertiesOf } from './properties.js';
import type { FieldValues } from './record-layout.js';
import type { RecordProblem, StoredRecord } from './types.js';

/** Fills instances of one entity from stored values. */
export class Hydrator {
  readonly #slugProperty: string;
  readonly #versionProperty: string | undefined;
  readonly #fields: readonly CompiledField[];

  constructor({ slugProperty, versionField }: EntityMetadata, fields: readonly CompiledField[]) {
    this.#slugProperty = slugProperty;
    this.#versionProperty = versionField?.propertyName;
    this.#fields = fields;
  }

  /**
   * Sets the properties that the record has. Others keep what the class gave them, except that a missing counter is 0
   * and a missing set empty. Returns why the record is no entity, if it is none.
   */
  fill(entity: object, record: StoredRecord, read: FieldValues): RecordProblem | undefined {
    const properties = propertiesOf(entity);
    properties[this.#slugProperty] = record.slug;
    if (this.#versionProperty !== undefined) properties[this.#versionProperty] = record.revision;
    try {
      return this.#fillFields(properties, read.values) ? undefined : this.#diagnose(record, read);
    } catch (error) {
      if (error instanceof CodecFault) return this.#diagnose(record, read);
      throw error;
    }
  }

  /** Sets the properties that a write has filled in: the version, the time of the change, and what was left undefined. */
  fillWritten(entity: object, written: ReadonlyMap<FieldMetadata, JsonValue>, revision: number): void {
    const properties = propertiesOf(entity);
    if (this.#versionProperty !== undefined) properties[this.#versionProperty] = revision;
    for (const { field, decode } of this.#fields) {
      const stored = written.get(field);
      if (stored === undefined) continue;
      if (field.role === 'updatedAt' || properties[field.propertyName] === undefined) {
        properties[field.propertyName] = decode(stored);
      }
    }
  }

  /** Returns false at the first required field without a value. */
  #fillFields(properties: Record<string, unknown>, values: FieldValues['values']): boolean {
    for (let i = 0; i < this.#fields.length; i++) {
      const compiled = this.#fields[i];
      if (compiled === undefined) break;
      const { field } = compiled;
      const stored = values[i] ?? absentValue(values[i], field.role);
      if (field.required && (stored === undefined || stored === null)) return false;
      if (stored !== undefined) properties[field.propertyName] = compiled.decode(stored);
    }
    return true;
  }

  #diagnose({ slug }: StoredRecord, { values, unrecognised = [] }: FieldValues): RecordProblem {
    const missing: string[] = [];
    const malformed: { field: string; reason: string }[] = [];
    this.#fields.forEach(({ field, decode }, i) => {
      const stored = values[i];
      if (stored === undefined || stored === null) {
        if (field.required) missing.push(field.wireName);
        if (stored === undefined || field.required) return;
      }
      const fault = faultOf(() => decode(stored));
      if (fault !== undefined) {
        malformed.push({ field: field.wireName, reason: `${fault.at}${fault.at && ': '}${fault.message}` });
      }
    });
    return { slug, missing, unrecognised, malformed };
  }
}

/** Counters and sets exist before their first change: null decodes to 0 and the empty list. */
function absentValue(stored: null | undefined, role: CompiledField['field']['role']): JsonValue | undefined {
  return role === 'counter' || role === 'set' ? null : stored;
}

function faultOf(decode: () => unknown): CodecFault | undefined {
  try {
    decode();
    return undefined;
  } catch (error) {
    if (error instanceof CodecFault) return error;
    throw error;
  }
}
