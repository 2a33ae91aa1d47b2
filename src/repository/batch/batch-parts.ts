import type { StoredRecord } from '../../mapping/types.js';
import { changeInBatch, insertIfAbsentInBatch } from './batch-errors.js';
import type { BatchRecords } from './batch-records.js';
import { prepareGuardedDelete, prepareRemoval } from '../write/delete.js';
import type { SoftDeletion } from '../write/soft-delete.js';
import { prepareSoftRemoval, toldOf } from '../write/soft-delete.js';
import { followedBy } from '../lifecycle/after-write.js';
import { isBatchable } from '../commit/commit.js';
import type { EntityContext } from '../entity-context.js';
import { FOR_WRITE } from '../prepare/for-write.js';
import type { FieldChange } from '../fields/field-changes.js';
import { prepareFieldChange, takesInBatch } from '../fields/field-changes.js';
import { recordMissing } from '../prepare/record-errors.js';
import { instanceOf } from '../prepare/instances.js';
import type { EncodedPartial } from '../prepare/partial.js';
import { checkSlugStays, copyOf, encodePartial } from '../prepare/partial.js';
import { ignore, prepareDelete, prepareFields } from '../prepare/prepare.js';
import { isSoftlyDeleted, prepareDeletion } from '../prepare/prepare-deletion.js';
import { prepareInsert } from '../prepare/prepare-insert.js';
import { slugIn } from '../prepare/name-entity.js';
import { expectedRevision, prepareSave } from '../prepare/prepare-save.js';
import { prepareUpdate } from '../prepare/prepare-update.js';
import type { PreparedWrite } from '../prepare/prepared-write.js';
import { recordPath } from '../prepare/record-path.js';
import type { CompareOptions, InsertOptions } from '../requests/write-options.js';

/** One write of a batch: checks and prepares itself when the batch is committed. */
export type BatchPart = (records: BatchRecords) => Promise<PreparedWrite | undefined>;

/** Inserts a record; with `ifAbsent`, it must be the first part of its record. */
export function insertPart<T extends object>(
  context: EntityContext<T>,
  source: unknown,
  options: InsertOptions,
): BatchPart {
  return async (records) => {
    const entity = instanceOf(context, source);
    const named = slugIn(context, entity);
    if (options.ifAbsent === true && typeof named === 'string') {
      records.mustBeFirst(context, named, 'insert');
    }
    const { write } = await prepareInsert(context, source, options);
    if (!isBatchable(write)) throw insertIfAbsentInBatch(context.metadata, write.slug);
    if (options.ifAbsent === true) records.mustBeFirst(context, write.slug, 'insert');
    records.note(context, write.slug, 'written');
    return write;
  };
}

/** Updates a record that is in the store or was written by an earlier part. */
export function updatePart<T extends object>(
  context: EntityContext<T>,
  slug: string,
  partial: unknown,
  { ifMatch }: CompareOptions,
): BatchPart {
  return async (records) => {
    const given = context.lifecycle === undefined ? partial : copyOf(context, partial);
    const told = context.lifecycle?.writingBy('update', given as object);
    if (told !== undefined) await told.before();
    const encoded = await encodePartial(context, given);
    checkSlugStays(context, slug, encoded);
    const write = await updateWith(context, slug, records, { encoded, ifMatch, method: 'update' });
    return told === undefined ? write : followedBy(write, () => told.after());
  };
}

interface RecordUpdate extends CompareOptions {
  readonly encoded: EncodedPartial;
  readonly method: string;
}

async function updateWith<T extends object>(
  context: EntityContext<T>,
  slug: string,
  records: BatchRecords,
  { encoded, ifMatch, method }: RecordUpdate,
): Promise<PreparedWrite> {
  const fate = records.fateOf(context, slug);
  if (fate === 'deleted') throw recordMissing(context.metadata, slug, method);
  if (ifMatch !== undefined || context.metadata.mode === 'map') {
    records.mustBeFirst(context, slug, method);
  }
  const write =
    fate === undefined
      ? await prepareUpdate(context, slug, encoded, ifMatch)
      : prepareFields(context, slug, encoded.fields, ignore);
  if (write === undefined) throw recordMissing(context.metadata, slug, method);
  records.note(context, slug, 'written');
  return write;
}

/** Sets or clears the time of deletion of a record that is in the store or was written by an earlier part; no write where it is so already. */
export function softDeletePart<T extends object>(
  context: EntityContext<T>,
  slug: string,
  { ifMatch }: CompareOptions,
  { method, isDeleted }: SoftDeletion,
): BatchPart {
  return async (records) => {
    const isStored = ifMatch === undefined && records.fateOf(context, slug) === undefined;
    const admits = (record: StoredRecord): boolean => isSoftlyDeleted(context, record) !== isDeleted;
    if (isStored) {
      const stored = await context.reader.readRecord(slug, FOR_WRITE);
      if (stored === undefined) throw recordMissing(context.metadata, slug, method);
      if (!admits(stored)) return undefined;
    }
    const told = context.lifecycle?.writingBy(toldOf(isDeleted));
    if (told !== undefined) await told.before();
    const fields = context.mapper.encodeDeletion(isDeleted);
    const missing = (): never => {
      throw recordMissing(context.metadata, slug, method);
    };
    const write = isStored
      ? prepareDeletion(context, slug, { fields, admits, missing })
      : await updateWith(context, slug, records, { encoded: { fields, slug: undefined }, ifMatch, method });
    records.note(context, slug, 'written');
    return told === undefined ? write : followedBy(write, () => told.after());
  };
}

/** Sets or clears the time of deletion of an entity and of its record; a loaded one must be the first part of it where its revision counts. */
export function softRemovePart<T extends object>(
  context: EntityContext<T>,
  entity: T,
  { ifMatch }: CompareOptions,
  deletion: SoftDeletion,
): BatchPart {
  return async (records) => {
    const { method } = deletion;
    const slug = context.mapper.slugOf(entity);
    if (expectedRevision(context, entity, ifMatch) !== undefined || context.metadata.mode === 'map') {
      records.mustBeFirst(context, slug, method);
    }
    if (records.fateOf(context, slug) === 'deleted') throw recordMissing(context.metadata, slug, method);
    const write = await prepareSoftRemoval(context, entity, { ifMatch }, deletion);
    records.note(context, slug, 'written');
    return write;
  };
}

/** Deletes a record, whether it is there or not. */
export function deletePart<T extends object>(
  context: EntityContext<T>,
  slug: string,
  { ifMatch }: CompareOptions,
): BatchPart {
  return async (records) => {
    if (ifMatch !== undefined) records.mustBeFirst(context, slug, 'delete');
    const told = context.lifecycle?.writingBy('remove');
    if (told !== undefined) await told.before();
    records.note(context, slug, 'deleted');
    const write =
      ifMatch === undefined
        ? prepareDelete(context, slug)
        : await prepareGuardedDelete(context, slug, ifMatch);
    return told === undefined ? write : followedBy(write, () => told.after());
  };
}

/** Changes a counter or a set of a record that is in the store or was written by an earlier part. */
export function changePart<T extends object>(
  context: EntityContext<T>,
  slug: string,
  change: FieldChange,
): BatchPart {
  return async (records) => {
    const { metadata, transport } = context;
    if (!takesInBatch(transport.capabilities)) throw changeInBatch(metadata, change.method);
    const fate = records.fateOf(context, slug);
    const isThere =
      fate === undefined ? await transport.exists(recordPath(metadata, slug), FOR_WRITE) : fate === 'written';
    if (!isThere) throw recordMissing(metadata, slug, change.method);
    records.note(context, slug, 'written');
    return prepareFieldChange(context, slug, change);
  };
}

/** Saves an entity; a loaded one must be the first part of its record. */
export function savePart<T extends object>(
  context: EntityContext<T>,
  source: unknown,
  options: CompareOptions,
): BatchPart {
  return async (records) => {
    const entity = instanceOf(context, source);
    const named = slugIn(context, entity);
    const slug = named === undefined ? undefined : context.mapper.slugOf(entity);
    if (
      slug !== undefined &&
      (options.ifMatch !== undefined || context.mapper.revisionOf(entity) !== undefined)
    ) {
      records.mustBeFirst(context, slug, 'save');
    }
    const fate = slug === undefined ? undefined : records.fateOf(context, slug);
    // What earlier parts have made of the record is no matter of the store: the entity is written whole.
    const isThere = fate === undefined ? undefined : false;
    const { write } = await prepareSave(context, entity, { ...options, isThere });
    if (write !== undefined) records.note(context, write.slug, 'written');
    return write;
  };
}

/** Deletes the record of an entity. */
export function removePart<T extends object>(
  context: EntityContext<T>,
  entity: T,
  { ifMatch }: CompareOptions,
): BatchPart {
  return async (records) => {
    const slug = context.mapper.slugOf(entity);
    if (expectedRevision(context, entity, ifMatch) !== undefined) {
      records.mustBeFirst(context, slug, 'remove');
    }
    const write = await prepareRemoval(context, entity, ifMatch);
    records.note(context, slug, 'deleted');
    return write;
  };
}
