import type { Clock } from '../clock.js';
import type { EncodedField, EntityMetadata, FieldMetadata } from '../metadata/types.js';
import { jsonEquals } from '../protocol/values/json.js';
import type { JsonValue, Leaf } from '../protocol/values/value.js';
import { flatten, isObject, leafTypeOf } from '../protocol/values/value.js';
import { childPath, unescapeSegment } from '../protocol/paths/path.js';
import { ChangeDetector } from './change-detector.js';
import type { ClassTransformer } from './peers/peer-types.js';
import type { CompiledField, AdoptionKind } from './compiled-field.js';
import { FieldCompiler } from './compile-field.js';
import { Encoder } from './encoder.js';
import { constructorFailed, invalidSlug, invalidValue, malformedValue } from './errors.js';
import type { RecordEvolution } from './evolution/record-evolution.js';
import { evolutionOf } from './evolution/record-evolution.js';
import { Hydrator, isOfTheWrite } from './hydrator.js';
import { Adoption } from './nested/adopted.js';
import type { FieldFault } from './validation/field-faults.js';
import { WriteMoment } from './moment.js';
import { storedAfter } from './nested/partly.js';
import { withInitialValues } from './initial-values.js';
import { instantiate } from './instantiate.js';
import { propertiesOf } from './properties.js';
import { RecordLayout } from './record-layout.js';
import type { Snapshot } from './snapshots.js';
import { forget, remember, snapshotOf } from './snapshots.js';
import type { EntityMapper, HydrateResult, StoredRecord, WriteKind } from './types.js';

export interface MapperOptions {
  /** Where time stamp fields get the time from. */
  readonly clock: Clock;
  /** What `loadClassTransformer` resolved to; needed for nested classes without `@Field`. */
  readonly classTransformer?: ClassTransformer | undefined;
}

/**
 * Compiles the mapper of one entity class. Its metadata say more of the indexes than those it is given: what records without a
 * value count as.
 *
 * @throws EntityMetadataError, as {@link withInitialValues} does
 */
export function createEntityMapper<T extends object>(
  metadata: EntityMetadata<T>,
  options: MapperOptions,
): EntityMapper<T> {
  return new CompiledMapper(metadata, options);
}

class CompiledMapper<T extends object> implements EntityMapper<T> {
  readonly metadata: EntityMetadata<T>;
  readonly evolution: RecordEvolution | undefined;
  readonly #fields: readonly CompiledField[];
  readonly #layout: RecordLayout;
  readonly #hydrator: Hydrator;
  readonly #encoder: Encoder;
  readonly #changes: ChangeDetector;
  readonly #moment: WriteMoment;
  readonly #adoption: Adoption;

  constructor(metadata: EntityMetadata<T>, { clock, classTransformer }: MapperOptions) {
    this.#moment = new WriteMoment(clock);
    const compiler = new FieldCompiler(metadata, { classTransformer, moment: this.#moment });
    const stored = metadata.fields.filter(({ role }) => role !== 'version');
    this.#fields = stored.map((field) => compiler.entityField(field));
    this.metadata = withInitialValues(metadata, this.#fields, () => made(metadata));
    this.evolution = evolutionOf(metadata, (record) => this.#misfit(record));
    this.#layout = new RecordLayout(metadata, this.#fields);
    this.#hydrator = new Hydrator(metadata, this.#fields, this.#layout);
    this.#encoder = new Encoder(metadata, this.#fields, this.#moment);
    this.#adoption = new Adoption(metadata, this.#fields);
    this.#changes = new ChangeDetector(metadata, this.#fields, this.#encoder);
  }

  instantiate(): T {
    return made(this.metadata);
  }

  slugOf(entity: object): string {
    const slug = this.#slug(entity);
    if (typeof slug !== 'string' || slug === '' || !slug.isWellFormed()) {
      throw invalidSlug(this.metadata, slug);
    }
    return slug;
  }

  hydrate(record: StoredRecord): HydrateResult<T> {
    if (this.evolution !== undefined) return this.#hydrateOld(record, this.evolution);
    const entity = this.instantiate();
    const { problem, unrecognised } = this.#hydrator.fill(entity, record);
    if (problem !== undefined) return { problem };
    remember(entity, { slug: record.slug, stored: { record }, revision: record.revision, owner: this });
    return unrecognised === undefined ? { entity } : { entity, unrecognised };
  }

  #hydrateOld(found: StoredRecord, evolution: RecordEvolution): HydrateResult<T> {
    const { record, age, fault } = evolution.present(found);
    const { slug, revision } = found;
    if (fault !== undefined) {
      return { problem: { slug, missing: [], unrecognised: [], malformed: [], upgrade: fault } };
    }
    const entity = this.instantiate();
    const { problem, unrecognised, applied } = this.#hydrator.fill(entity, record);
    if (problem !== undefined) return { problem };
    remember(entity, { slug, stored: { record }, revision, owner: this, isOld: age !== undefined, applied });
    return {
      entity,
      ...(unrecognised && { unrecognised }),
      ...(age && { age }),
      ...(applied && { applied: Array.from(applied.keys(), ({ wireName }) => wireName) }),
    };
  }

  #misfit(record: StoredRecord): string | undefined {
    const { problem } = this.#hydrator.fill(this.instantiate(), record);
    if (problem === undefined) return undefined;
    const { missing, malformed } = problem;
    return [
      ...missing.map((name) => `${name} is missing`),
      ...malformed.map(({ field, reason }) => `${field} is malformed (${reason})`),
    ].join(', ');
  }

  merge(target: T, like: object): void {
    this.#adoption.merge(target, like);
  }

  adopted(source: object, kind: AdoptionKind): object {
    return this.#adoption.adopted(source, kind);
  }

  filledIn(entity: object, fields: readonly EncodedField[]): object {
    const properties = propertiesOf(entity);
    const written = new Map(fields.map(({ field, value }) => [field, value]));
    const given: Record<string, unknown> = {};
    for (const { field, decode } of this.#fields) {
      const { propertyName, role, nestedFields } = field;
      if (properties[propertyName] !== undefined && nestedFields === undefined) continue;
      const value = written.get(field) ?? (role === 'counter' || role === 'set' ? null : undefined);
      if (value !== undefined) given[propertyName] = decode(value);
    }
    return given;
  }

  encode(source: object, kind: WriteKind, faults?: FieldFault[]): EncodedField[] {
    const fields = this.#encoder.encode(source, {
      kind,
      byParts: kind === 'update',
      refuseCountersAndSets: kind === 'update',
      renewUpdatedAt: false,
      faults,
    });
    return this.#stamped(fields, kind);
  }

  encodeAll(entity: object, kind: WriteKind, faults?: FieldFault[]): EncodedField[] {
    const stored = this.#storedValues(entity);
    const renewUpdatedAt = kind === 'update' && !this.#changes.setsUpdatedAt(entity, stored);
    const fields = this.#encoder.encode(entity, {
      kind,
      byParts: kind === 'update',
      refuseCountersAndSets: false,
      renewUpdatedAt,
      faults,
    });
    return this.#stamped(fields, kind);
  }

  changedFields(entity: object, faults?: FieldFault[]): EncodedField[] | undefined {
    const stored = this.#storedValues(entity);
    if (stored === undefined) return undefined;
    this.#moment.begin();
    let pristine: T | undefined;
    const changes = this.#changes.changes(entity, stored, () => (pristine ??= this.instantiate()), faults);
    return this.#encoder.stampChange(this.#withoutApplied(entity, changes));
  }

  /** The changes, with those marked that are defaults which the read has applied. */
  #withoutApplied(entity: object, changes: EncodedField[]): EncodedField[] {
    const applied = this.#snapshot(entity)?.applied;
    if (applied === undefined) return changes;
    return changes.map((change) => {
      const { field } = change;
      const value = applied.get(field);
      return value !== undefined && jsonEquals(value, change.value)
        ? { field, value, onlyAbsent: true }
        : change;
    });
  }

  /** The fields of a whole record, with the version that it is of. */
  #stamped(fields: EncodedField[], kind: WriteKind): EncodedField[] {
    const stamp = this.evolution?.stamp;
    return stamp === undefined || kind === 'update' ? fields : [...fields, ...stamp];
  }

  storedFields(entity: object): EncodedField[] {
    const stored = this.#storedValues(entity) ?? [];
    return this.#fields.flatMap(({ field }, i) => {
      const value = stored[i];
      return value === undefined ? [] : { field, value };
    });
  }

  encodeDeletion(isDeleted: boolean): EncodedField[] {
    return this.#encoder.deletion(isDeleted);
  }

  encodeTimeOfChange(): EncodedField[] {
    return this.#encoder.timeOfChange();
  }

  recordOf(entity: object): StoredRecord | undefined {
    return this.#snapshot(entity)?.stored.record;
  }

  anotherOf(entity: object): T | undefined {
    const snapshot = this.#snapshot(entity);
    if (snapshot === undefined) return undefined;
    const another = this.instantiate();
    // What is remembered has the form that the class has now: it is not brought up to date again.
    const { problem } = this.#hydrator.fill(
      another,
      snapshot.stored.record ?? this.#rememberedRecord(entity, snapshot),
    );
    if (problem !== undefined) return undefined;
    remember(another, { ...snapshot, leftOut: undefined });
    return another;
  }

  #rememberedRecord(entity: object, { revision }: Snapshot): StoredRecord {
    const slug = this.slugOf(entity);
    const path = childPath(this.metadata.prefixPath, slug);
    const leaves = this.storedFields(entity)
      .flatMap(({ field, value }) => flatten(`${path}/${field.wireSegment}`, value))
      .map((leaf): Leaf => ({ ...leaf, type: leafTypeOf(leaf.value), revision }));
    return { slug, leaves, revision };
  }

  revisionOf(entity: object): number | undefined {
    return this.#snapshot(entity)?.revision;
  }

  knownSlugOf(entity: object): unknown {
    return snapshotOf(entity, this)?.slug;
  }

  isOutdated(entity: object): boolean {
    return this.#snapshot(entity)?.isOld === true;
  }

  leftOutOf(entity: object): ReadonlySet<string> | undefined {
    return this.#snapshot(entity)?.leftOut;
  }

  markStored(
    entity: object,
    fields: readonly EncodedField[],
    revision: number,
    leftOut = this.leftOutOf(entity),
  ): void {
    const isWhole = this.metadata.mode === 'map' && leftOut === undefined;
    this.#mark(entity, fields, revision, leftOut, isWhole ? undefined : this.#storedValues(entity));
  }

  #mark(
    entity: object,
    fields: readonly EncodedField[],
    revision: number,
    leftOut: ReadonlySet<string> | undefined,
    kept: readonly (JsonValue | undefined)[] | undefined,
  ): void {
    const given = new Map(fields.map((encoded) => [encoded.field, encoded]));
    const written = new Set<FieldMetadata>();
    const values = this.#fields.map(({ field }, i) => {
      const encoded = given.get(field);
      const present = kept?.[i];
      // Time stamps alone make no object.
      if (encoded === undefined || (encoded.onlyBeside === true && !isObject(present))) return present;
      written.add(field);
      return storedAfter(encoded, present);
    });
    remember(entity, { slug: this.#slug(entity), stored: { values }, revision, owner: this, leftOut });
    this.#hydrator.fillWritten(
      entity,
      new Map(this.#fields.flatMap(({ field }, i) => (written.has(field) ? [[field, values[i]]] : []))),
      revision,
      leftOut,
    );
  }

  markPartlyStored(entity: object, fields: readonly EncodedField[], revision: number): void {
    const written = new Set(
      fields.filter(({ onlyBeside }) => onlyBeside !== true).map(({ field }) => field.propertyName),
    );
    const properties = propertiesOf(entity);
    const leftOut = this.metadata.fields
      .map(({ propertyName }) => propertyName)
      .filter((property) => properties[property] === undefined && !written.has(property));
    const version = this.metadata.versionField?.propertyName;
    this.markStored(entity, fields, revision, new Set(leftOut.filter((property) => property !== version)));
  }

  markDeletion(entity: object, fields: readonly EncodedField[], revision: number): void {
    const kept = this.#storedValues(entity);
    if (kept === undefined) {
      this.markPartlyStored(entity, fields, revision);
      return;
    }
    const property = this.metadata.deletedAtField?.propertyName;
    const leftOut = [...(this.leftOutOf(entity) ?? [])].filter((name) => name !== property);
    this.#mark(entity, fields, revision, leftOut.length === 0 ? undefined : new Set(leftOut), kept);
  }

  shareMemory(from: object, to: object): void {
    const snapshot = this.#snapshot(from);
    if (snapshot !== undefined) remember(to, snapshot);
  }

  fillFrom(to: object, from: object): void {
    this.shareMemory(from, to);
    if (Object.isFrozen(to)) return;
    const { versionField, fields } = this.metadata;
    const [source, target] = [propertiesOf(from), propertiesOf(to)];
    for (const field of fields) {
      const { propertyName } = field;
      const isRenewed = field === versionField || isOfTheWrite(field);
      if (source[propertyName] !== undefined && (isRenewed || target[propertyName] === undefined)) {
        target[propertyName] = source[propertyName];
      }
    }
  }

  forget(entity: object): void {
    forget(entity, this);
  }

  encodeMember(field: FieldMetadata, member: unknown): JsonValue {
    try {
      return this.#compiled(field).item.encode(member);
    } catch (error) {
      throw invalidValue(this.metadata, field.propertyName, error);
    }
  }

  decode(field: FieldMetadata, leaves: readonly Leaf[]): unknown {
    const [first] = leaves;
    if (first === undefined) return undefined;
    const [segment = ''] = first.path.slice(this.metadata.prefixPath.length + 1).split('/', 1);
    const slug = unescapeSegment(segment);
    const present = this.evolution?.presentLeaves(slug, leaves) ?? leaves;
    const { values } = this.#layout.read({ slug, leaves: present, revision: first.revision });
    const compiled = this.#compiled(field);
    const stored = values[this.#fields.indexOf(compiled)];
    try {
      return stored === undefined ? undefined : compiled.decode(stored);
    } catch (error) {
      throw malformedValue(this.metadata, field, error);
    }
  }

  #compiled(field: FieldMetadata): CompiledField {
    const compiled = this.#fields.find((candidate) => candidate.field === field);
    if (compiled === undefined) {
      throw new TypeError(`${field.propertyName} is no stored field of ${this.metadata.name}.`);
    }
    return compiled;
  }

  #snapshot(entity: object): Snapshot | undefined {
    const snapshot = snapshotOf(entity, this);
    return snapshot?.slug === this.#slug(entity) ? snapshot : undefined;
  }

  #slug(entity: object): unknown {
    return propertiesOf(entity)[this.metadata.slugProperty];
  }

  #storedValues(entity: object): readonly (JsonValue | undefined)[] | undefined {
    const stored = this.#snapshot(entity)?.stored;
    return stored?.record === undefined ? stored?.values : this.#layout.read(stored.record).values;
  }
}

function made<T extends object>(metadata: EntityMetadata<T>): T {
  try {
    return instantiate(metadata.target);
  } catch (error) {
    throw constructorFailed(metadata, error);
  }
}
