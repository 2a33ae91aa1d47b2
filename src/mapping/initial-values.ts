import { types } from 'node:util';
import type { MetadataProblem } from '../metadata/index.js';
import { EntityMetadataError, fieldsTo } from '../metadata/index.js';
import type { EntityIndex, EntityMetadata, FieldMetadata } from '../metadata/types.js';
import type { IndexPart } from '../protocol/values/record-access.js';
import { jsonEquals } from '../protocol/values/json.js';
import type { JsonValue } from '../protocol/values/value.js';
import { CodecFault } from './codecs/codec.js';
import type { CompiledField } from './compiled-field.js';
import { givenByNested } from './nested/nested-initial-values.js';
import { propertiesOf } from './properties.js';

/** An instance nobody has set anything on, and when it was made. */
export interface Pristine {
  readonly instance: object;
  /** Milliseconds since the Unix epoch, by the clock that initialisers read. */
  readonly from: number;
  readonly to: number;
}

type Report = (text: string) => void;

/**
 * The metadata, with what a record without a leaf counts as in each index: what the class itself gives the property, which
 * is what a reader of the record sees. Makes instances only for a class that has indexes.
 *
 * @throws EntityMetadataError when a class gives an indexed property what the store cannot know: another value each time, or one inside
 * of a nested object
 */
export function withInitialValues<T extends object>(
  metadata: EntityMetadata<T>,
  fields: readonly CompiledField[],
  instantiate: () => object,
): EntityMetadata<T> {
  if (metadata.indexes.length === 0) return metadata;
  const samples = [pristine(instantiate), pristine(instantiate)];
  const problems: MetadataProblem[] = [];
  const partWith = (property: string, part: IndexPart): IndexPart => {
    const found = fieldsTo(property, metadata.fields);
    if ('problem' in found || part.absent !== undefined) return part;
    const report = (text: string): void => {
      if (!problems.some((problem) => problem.property === property)) problems.push({ property, text });
    };
    if (found.above.length > 0) {
      givenByNested(samples, [...found.above, found.field], report);
      return part;
    }
    const absent = initialValue(samples, found.field, fields, report);
    return absent === undefined || absent === null ? part : { ...part, absent };
  };
  const indexes = metadata.indexes.map(({ definition, ...index }): EntityIndex => {
    const parts = definition.parts.map((part, i) => partWith(index.properties[i] ?? '', part));
    return { ...index, definition: { ...definition, parts } };
  });
  if (problems.length > 0) throw new EntityMetadataError(metadata.name, problems);
  return { ...metadata, indexes };
}

function pristine(instantiate: () => object): Pristine {
  const from = Date.now();
  const instance = instantiate();
  return { instance, from, to: Date.now() };
}

/** What records without a required field count as is nobody's to see: they are not handed out. */
function initialValue(
  samples: readonly Pristine[],
  field: FieldMetadata,
  fields: readonly CompiledField[],
  report: Report,
): JsonValue | undefined {
  const compiled = fields.find((candidate) => candidate.field === field);
  if (compiled === undefined || field.required) return undefined;
  // What transformers make of a value that is not there counts as none.
  const absent = field.transformers.length === 0 ? undefined : compiled.decodeAbsent();
  if (absent !== undefined && absent !== null) return undefined;
  const given = samples.map((sample) => encoded(sample, compiled, report));
  const [first] = given;
  const isTheSame = given.every((value) => value === first || jsonEquals(value ?? null, first ?? null));
  if (isTheSame && !samples.some((sample) => isMoment(sample, field))) return first;
  report(
    'it is indexed, and the class gives each instance another value. Records without the field would lie nowhere in the index. ' +
      'Use { default: … }, which is stored, and no initialiser.',
  );
  return undefined;
}

function encoded(
  { instance }: Pristine,
  { field, encode }: CompiledField,
  report: Report,
): JsonValue | undefined {
  const value = propertiesOf(instance)[field.propertyName];
  if (value === undefined || value === null) return undefined;
  try {
    return encode(value);
  } catch (error) {
    if (!(error instanceof CodecFault)) throw error;
    report(
      `it is indexed, and the class gives it what cannot be stored: expected ${error.expected}, found ${error.found}.`,
    );
    return undefined;
  }
}

/** Whether the value is the time at which the instance was made: two made at once may have the same one. */
function isMoment({ instance, from, to }: Pristine, { propertyName }: FieldMetadata): boolean {
  const value = propertiesOf(instance)[propertyName];
  const time = types.isDate(value)
    ? value.getTime()
    : typeof value === 'string'
      ? Date.parse(value)
      : Number(value);
  return from <= time && time <= to;
}
