import type { FieldFault } from '../../mapping/index.js';
import { operationsFor, partsFor, storedAfter } from '../../mapping/index.js';
import type { EncodedField, FieldMetadata } from '../../metadata/types.js';
import type { Leaf } from '../../protocol/values/value.js';
import { prepareSwap } from './compare-and-swap.js';
import type { EntityContext } from '../entity-context.js';
import type { EntityWrite } from '../lifecycle/lifecycle.js';
import { changedByHooks } from '../lifecycle/changed-by-hooks.js';
import { FOR_WRITE } from './for-write.js';
import { instanceOf } from './instances.js';
import { assertOwnSlug, slugIn } from './name-entity.js';
import type { EncodedPartial } from './partial.js';
import { fieldsFor, hasParts } from './parts.js';
import { ignore, prepareFields, prepareNothing } from './prepare.js';
import type { PreparedEntity } from './prepare-insert.js';
import { prepareInsert } from './prepare-insert.js';
import { changeOf, prepareUpdate } from './prepare-update.js';
import type { PreparedWrite } from './prepared-write.js';
import { presentLeaves, renewalOf, renewing } from './renewal.js';
import { recordMissing, slugChanged } from './record-errors.js';
import { recordPath } from './record-path.js';
import type { SaveOptions } from '../requests/write-options.js';

export interface SaveRequest extends Pick<SaveOptions, 'ifMatch'> {
  /** Whether the record exists, where that is known; looked up when left out. */
  readonly isThere?: boolean | undefined;
}

/**
 * Writes what changed since an entity was loaded; all of it when its record is gone. Of one that was never loaded, what it has, into the
 * record that is there or a new one. No write for an entity that has nothing new to say.
 *
 * @throws EntityValidationError; DustError `invalid_value`, `conflict`
 */
export async function prepareSave<T extends object>(
  context: EntityContext<T>,
  source: unknown,
  { ifMatch, isThere }: SaveRequest = {},
): Promise<PreparedEntity<T, PreparedWrite | undefined>> {
  const { mapper, validator } = context;
  const entity = loadedOrNew(context, source);
  assertOwnSlug(context, entity, 'save');
  const expected = expectedRevision(context, entity, ifMatch);
  const faults: FieldFault[] = [];
  let changed = mapper.changedFields(entity, faults);
  if (changed === undefined && expected === undefined) {
    return prepareUnloaded(context, source, entity, isThere);
  }

  const slug = mapper.slugOf(entity);
  const isUnchanged = changed?.length === 0 && faults.length === 0 && !mapper.isOutdated(entity);
  const told = isUnchanged ? undefined : context.lifecycle?.writing('update', entity, fieldsOf(changed));
  if (told !== undefined) {
    await beforeUpdate(context, told, entity, slug);
    faults.length = 0;
    changed = mapper.changedFields(entity, faults);
  }
  const leftOut = mapper.leftOutOf(entity);
  const fields = changed ?? mapper.encodeAll(entity, 'update', faults);
  await validator.validate(mapper.adopted(entity, 'whole'), { slug, leftOut, faults });
  if (changed?.length === 0) {
    const renewed = mapper.isOutdated(entity)
      ? await prepareRenewal(context, entity, slug, expected)
      : undefined;
    return { entity, write: renewed && settlingBoth(context, followed(told, renewed, []), source, entity) };
  }
  const write = await prepareChanged(context, entity, { slug, fields, expected });
  return { entity, write: settlingBoth(context, followed(told, write, fields), source, entity) };
}

/** Calls what comes before an update. @throws DustError `invalid_value` when that gives the entity another slug */
async function beforeUpdate<T extends object>(
  context: EntityContext<T>,
  told: EntityWrite,
  entity: T,
  slug: string,
): Promise<void> {
  await told.before();
  const now = slugIn(context, entity);
  if (now !== slug) throw slugChanged(context.metadata, slug, now);
}

function followed(
  told: EntityWrite | undefined,
  write: PreparedWrite,
  fields: readonly EncodedField[],
): PreparedWrite {
  return told === undefined ? write : told.follow(write, fieldsOf(fields));
}

function fieldsOf(encoded: readonly EncodedField[] = []): FieldMetadata[] {
  return encoded.map(({ field }) => field);
}

async function prepareChanged<T extends object>(
  context: EntityContext<T>,
  entity: T,
  change: LoadedChange,
): Promise<PreparedWrite> {
  // What is left out is known of what was loaded alone.
  if (context.mapper.leftOutOf(entity) === undefined) return prepareLoaded(context, entity, change);
  const { slug, fields, expected } = change;
  return prepareChanges(context, entity, { slug, fields }, expected);
}

/** A write after which the plain object that was saved stands for its record, too, with what the write has filled in. */
function settlingBoth<T extends object>(
  { mapper }: EntityContext<T>,
  write: PreparedWrite,
  source: unknown,
  entity: T,
): PreparedWrite {
  if (source === entity) return write;
  const settle = (revision: number): void => {
    write.settle(revision);
    mapper.fillFrom(source as object, entity);
  };
  return { ...write, settle };
}

interface LoadedChange {
  readonly slug: string;
  readonly fields: readonly EncodedField[];
  readonly expected: number | undefined;
}

/** The instance that stands for what is saved: as loaded as the plain object is that it was made of, which was saved before. */
function loadedOrNew<T extends object>(context: EntityContext<T>, source: unknown): T {
  const entity = instanceOf(context, source);
  if (entity === source) return entity;
  context.mapper.shareMemory(source as object, entity);
  if (context.mapper.leftOutOf(entity) !== undefined) takeOff(context, entity, source as object);
  return entity;
}

async function prepareLoaded<T extends object>(
  context: EntityContext<T>,
  entity: T,
  { slug, fields, expected }: LoadedChange,
): Promise<PreparedWrite> {
  const { mapper, metadata, transport } = context;
  const isFlat = metadata.mode === 'flat';
  const whole = isFlat ? fields : wholeRecord(context, entity, slug, fields);
  const settle = settlement(context, entity, whole);
  if (expected !== undefined) {
    return prepareSwap(context, slug, {
      expected,
      change: (leaves) =>
        isFlat
          ? changeOf(context, slug, leaves, fields)
          : operationsFor(metadata, slug, whole, transport.capabilities),
      settle,
    });
  }
  const path = recordPath(metadata, slug);
  const leaves = isFlat && hasParts(fields) ? await transport.subtree(path, FOR_WRITE) : undefined;
  const isThere = leaves === undefined ? await transport.exists(path, FOR_WRITE) : leaves.length > 0;
  if (isThere) {
    const present = leaves && presentLeaves(context, slug, leaves);
    const ready = present === undefined ? whole : fieldsFor(path, slug, whole, present);
    return isFlat
      ? prepareBesideDefaults(context, slug, ready, settle)
      : prepareFields(context, slug, ready, settle);
  }
  const faults: FieldFault[] = [];
  const anew = mapper.encodeAll(entity, 'insert', faults);
  if (faults.length > 0) await context.validator.validate(entity, { slug, faults });
  return prepareFields(context, slug, anew, settlement(context, entity, anew));
}

/** A write of these fields, among them defaults for what the record lacks: they are written where it still does. */
function prepareBesideDefaults<T extends object>(
  context: EntityContext<T>,
  slug: string,
  fields: readonly EncodedField[],
  settle: (revision: number) => void,
): PreparedWrite {
  const defaults = fields.filter(({ onlyAbsent }) => onlyAbsent === true);
  if (defaults.length === 0) return prepareFields(context, slug, fields, settle);
  const changed = fields.filter(({ onlyAbsent }) => onlyAbsent !== true);
  const write =
    changed.length === 0
      ? prepareNothing(context, slug, settle)
      : prepareFields(context, slug, changed, settle);
  return { ...write, renewal: renewalOf(context, defaults) };
}

/** The write that brings the record of an unchanged entity up to date; undefined when it is meanwhile, or gone. */
async function prepareRenewal<T extends object>(
  context: EntityContext<T>,
  entity: T,
  slug: string,
  expected: number | undefined,
): Promise<PreparedWrite | undefined> {
  const { mapper, metadata, transport } = context;
  const fields = mapper.encodeTimeOfChange();
  const isMap = metadata.mode === 'map';
  const settle = settlement(context, entity, isMap ? wholeRecord(context, entity, slug, fields) : fields);
  if (expected !== undefined) {
    const change = (leaves: readonly Leaf[]) => changeOf(context, slug, leaves, fields);
    return prepareSwap(context, slug, { expected, change, settle });
  }
  const leaves = await transport.subtree(recordPath(metadata, slug), FOR_WRITE);
  if (leaves.length === 0) return undefined;
  if (isMap) {
    const write = await prepareUpdate(context, slug, { fields, slug }, undefined, leaves);
    return write && { ...write, settle };
  }
  if (renewing(context, slug, leaves).length === 0) return undefined;
  return fields.length === 0
    ? prepareNothing(context, slug, settle)
    : prepareFields(context, slug, fields, settle);
}

/** All of a map-mode record: what changed, and what the entity was loaded with otherwise, where a property is undefined now, too. */
function wholeRecord<T extends object>(
  { mapper, metadata }: EntityContext<T>,
  entity: T,
  slug: string,
  changes: readonly EncodedField[],
): EncodedField[] {
  const stored = new Map(mapper.storedFields(entity).map(({ field, value }) => [field, value]));
  const changed = new Map(changes.map((encoded) => [encoded.field, encoded]));
  const fields = metadata.fields.flatMap((field): EncodedField[] => {
    const present = stored.get(field);
    const change = changed.get(field);
    const written = change && partsFor(change, present, slug);
    const value = written === undefined ? present : storedAfter(written, present);
    return value === undefined ? [] : [{ field, value }];
  });
  return mapper.evolution === undefined ? fields : [...fields, ...mapper.evolution.stamp];
}

/** An entity or plain object that was not loaded: what it gives of a record that is there, or a new one. */
async function prepareUnloaded<T extends object>(
  context: EntityContext<T>,
  source: unknown,
  entity: T,
  known: boolean | undefined,
): Promise<PreparedEntity<T, PreparedWrite | undefined>> {
  const { mapper, metadata, transport, validator } = context;
  // Whatever gives it a slug is to come: what has none is nowhere.
  if (slugIn(context, entity) === undefined) return prepareInsert(context, source, { fillsSource: true });
  const slug = mapper.slugOf(entity);
  const isThere = known ?? (await transport.exists(recordPath(metadata, slug), FOR_WRITE));
  if (!isThere) return prepareInsert(context, source, { fillsSource: true });
  // Not what initialisers gave an instance made of a plain object: nobody asked for that.
  if (entity !== source) takeOff(context, entity, source as object);
  const { told, given } = await tellOfUnloaded(context, entity, source as object, slug);
  const faults: FieldFault[] = [];
  const fields = mapper.encodeAll(given, 'update', faults);
  await validator.validate(mapper.adopted(given, 'partial'), { slug, partial: true, faults });
  if (fields.length === 0) return { entity, write: undefined };
  const needsLeaves = metadata.mode === 'map' || hasParts(fields);
  const leaves = needsLeaves ? await transport.subtree(recordPath(metadata, slug), FOR_WRITE) : undefined;
  // Gone meanwhile.
  if (leaves?.length === 0) return prepareInsert(context, source, { fillsSource: true });
  const write =
    leaves === undefined
      ? prepareFields(context, slug, fields, ignore)
      : await prepareUpdate(context, slug, { fields, slug }, undefined, leaves);
  if (write === undefined) return { entity, write };
  const settle = (revision: number): void => {
    for (const each of new Set<object>([entity, source as object])) {
      mapper.markPartlyStored(each, fields, revision);
    }
  };
  return { entity, write: followed(told, { ...write, settle }, fields) };
}

interface ToldOfUnloaded {
  /** Undefined where nobody listens, or there is nothing to write. */
  readonly told?: EntityWrite | undefined;
  /** What is to be written. */
  readonly given: object;
}

/** Calls what comes before the update of an entity, or of the plain object it stands for, that was not loaded. */
async function tellOfUnloaded<T extends object>(
  context: EntityContext<T>,
  entity: T,
  source: object,
  slug: string,
): Promise<ToldOfUnloaded> {
  const { lifecycle, mapper, metadata } = context;
  if (lifecycle === undefined) return { given: source };
  const fields = metadata.fields.filter(
    ({ propertyName }) => Reflect.get(source, propertyName) !== undefined,
  );
  if (fields.length === 0) return { given: source };
  const told = lifecycle.writing('update', entity, fields);
  const given = await changedByHooks(mapper, entity, source, () => beforeUpdate(context, told, entity, slug));
  return { told, given };
}

/** Leaves an instance with the properties alone that it was given. */
function takeOff<T extends object>({ metadata }: EntityContext<T>, entity: T, given: object): void {
  for (const { propertyName } of metadata.fields) {
    if (Reflect.get(given, propertyName) === undefined && Reflect.get(entity, propertyName) !== undefined) {
      Reflect.set(entity, propertyName, undefined);
    }
  }
}

/** An instance without some of its properties can but change its record: what was left out of it stays. */
async function prepareChanges<T extends object>(
  context: EntityContext<T>,
  entity: T,
  changes: EncodedPartial & { readonly slug: string },
  expected: number | undefined,
): Promise<PreparedWrite> {
  const defaults = changes.fields.filter(({ onlyAbsent }) => onlyAbsent === true);
  const isApart = expected === undefined && context.metadata.mode === 'flat';
  const write = isApart
    ? await prepareUpdateBeside(context, changes, defaults)
    : await prepareUpdate(context, changes.slug, changes, expected);
  if (write === undefined) throw recordMissing(context.metadata, changes.slug, 'save');
  return { ...write, settle: settlement(context, entity, changes.fields) };
}

/** As {@link prepareUpdate}, with defaults among the fields that are written where the record has no value yet. */
async function prepareUpdateBeside<T extends object>(
  context: EntityContext<T>,
  { fields, slug }: EncodedPartial & { readonly slug: string },
  defaults: readonly EncodedField[],
): Promise<PreparedWrite | undefined> {
  const changed = fields.filter((field) => !defaults.includes(field));
  if (changed.length > 0) {
    const write = await prepareUpdate(context, slug, { fields: changed, slug });
    return write && { ...write, renewal: renewalOf(context, defaults) };
  }
  const isThere = await context.transport.exists(recordPath(context.metadata, slug), FOR_WRITE);
  return isThere
    ? { ...prepareNothing(context, slug, ignore), renewal: renewalOf(context, defaults) }
    : undefined;
}

/** The revision that an entity's record must still have in the store: the one that was asked for, or that a `@VersionField` was loaded with. */
export function expectedRevision<T extends object>(
  { mapper, metadata }: EntityContext<T>,
  entity: T,
  ifMatch: number | undefined,
): number | undefined {
  if (ifMatch !== undefined) return ifMatch;
  return metadata.versionField === undefined ? undefined : mapper.revisionOf(entity);
}

function settlement<T extends object>(
  { mapper }: EntityContext<T>,
  entity: T,
  fields: readonly EncodedField[],
): (revision: number) => void {
  return (revision) => {
    mapper.markStored(entity, fields, revision);
  };
}
