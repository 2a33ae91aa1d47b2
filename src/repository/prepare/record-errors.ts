import { DustError } from '../../errors.js';
import type { EntityMetadata } from '../../metadata/types.js';
import type { Path } from '../../protocol/paths/path.js';
import { describeValue } from '../../query/index.js';
import { MAX_BATCH_OPERATIONS } from '../../transport/transport.js';
import { detailsOf } from './write-errors.js';

type Named = Pick<EntityMetadata, 'name'>;

/** A criterion that cannot name a record. */
export function slugMissing(
  entity: Pick<EntityMetadata, 'name' | 'slugProperty'>,
  found: unknown,
): DustError {
  return new DustError(
    'invalid_criteria',
    `${entity.name}.${entity.slugProperty}: ${describeValue(found)} is not a slug. Give a non-empty, well-formed string; nothing was written.`,
  );
}

/** An update that names another slug than its record has. */
export function slugChanged(
  entity: Pick<EntityMetadata, 'name' | 'slugProperty'>,
  slug: string,
  found: unknown,
): DustError {
  const error = new DustError(
    'invalid_value',
    `${entity.name} ${JSON.stringify(slug)}: an update cannot change ${entity.slugProperty} (to ${describeValue(found)}). ` +
      'Insert the record under its new slug and delete the old one.',
    { detail: 'slug_changed' },
  );
  return Object.assign(error, { property: entity.slugProperty });
}

/** An entity of one record that was given the slug of another one. */
export function underOtherSlug(
  entity: Pick<EntityMetadata, 'name' | 'slugProperty'>,
  method: string,
  slugs: { readonly known: unknown; readonly now: unknown },
): DustError {
  const { name, slugProperty } = entity;
  const written = (slug: unknown): string =>
    typeof slug === 'string' ? JSON.stringify(slug) : describeValue(slug);
  const [known, now] = [written(slugs.known), written(slugs.now)];
  const cure =
    method === 'save'
      ? `Write it under the new slug by insert(entity), and delete the old record by delete(${known})`
      : `Delete by the slug that you mean`;
  return new DustError(
    'invalid_value',
    `${name} ${known}: ${method} was given it with ${now} for its ${slugProperty}, and an entity stays that of its record. ${cure}; nothing was written.`,
    { detail: 'slug_changed' },
  );
}

/** An insert with `ifAbsent` of a record that is there. */
export function recordExists(
  entity: Named,
  slug: string,
  path: Path,
  currentRevision: number | null,
  cause?: DustError,
): DustError {
  return new DustError(
    'exists',
    `${entity.name} ${JSON.stringify(slug)} exists already` +
      (currentRevision === null
        ? ', or did just now, or is inserted twice by this call.'
        : ` (revision ${currentRevision}).`) +
      ' Use update, or insert without { ifAbsent: true } to write its fields anyway.',
    {
      ...(cause === undefined ? {} : { ...detailsOf(cause), opIndex: undefined, cause }),
      path,
      currentRevision,
    },
  );
}

/** An insert of an instance that was loaded without some of its properties. */
export function notWhole(entity: Named, slug: string, leftOut: ReadonlySet<string>): DustError {
  return new DustError(
    'invalid_value',
    `${entity.name} ${JSON.stringify(slug)} was loaded without ${[...leftOut].join(', ')}, and an insert writes whole records. Use save() or update(), which leave the others as they are.`,
  );
}

/** A write into a record that must be there and is not. */
export function recordMissing(entity: Named, slug: string, method: string): DustError {
  return new DustError(
    'not_found',
    `${entity.name} ${JSON.stringify(slug)} does not exist, so ${method} has nothing to write to. Insert it first.`,
  );
}

/** A soft delete of records that have no place for its time. */
export function noTimeOfDeletion(entity: Named, method: string): DustError {
  return new DustError(
    'invalid_metadata',
    `${entity.name} has no time of deletion for ${method} to write. Put @DeletedAtField() on a property of the class: deletedAt?: Date | null.`,
  );
}

/** A compare-and-swap of a record that has moved on. */
export function revisionConflict(
  entity: Named,
  slug: string,
  path: Path,
  revisions: { expected: number; current: number | null },
  cause?: DustError,
): DustError {
  const { expected, current } = revisions;
  const now =
    current === null
      ? 'it does not exist now'
      : current === expected
        ? 'a part of it was removed meanwhile'
        : `it is at revision ${current} now`;
  return new DustError(
    'conflict',
    `${entity.name} ${JSON.stringify(slug)}: expected revision ${expected}, but ${now}. ` +
      'Read it again and repeat the change.',
    {
      ...(cause === undefined ? {} : { ...detailsOf(cause), opIndex: undefined, cause }),
      path,
      currentRevision: current,
      retryable: false,
    },
  );
}

/** An update that other writers outran each time. */
export function contention(
  entity: Named,
  slug: string,
  path: Path,
  attempts: number,
  cause: DustError,
): DustError {
  return new DustError(
    'conflict',
    `${entity.name} ${JSON.stringify(slug)}: other writers changed the record during each of ${attempts} attempts to update it. ` +
      'Try again when it is quieter.',
    { ...detailsOf(cause), path, retryable: true, cause },
  );
}

/** A compare-and-swap that does not fit one batch. */
export function recordTooLarge(entity: Named, slug: string, operations: number): DustError {
  return new DustError(
    'invalid_params',
    `${entity.name} ${JSON.stringify(slug)}: a compare-and-swap of the record takes ${operations} operations, ` +
      `and one atomic commit holds at most ${MAX_BATCH_OPERATIONS}. Keep lists in one field instead of many.`,
    { detail: 'batch_too_large' },
  );
}

/** A batch that fits one commit as it was given, and not with what its records need. */
export function batchGrown(given: number, needed: number): DustError {
  return new DustError(
    'invalid_params',
    `The batch takes ${given} operations, and ${needed} with those that bring its records up to date or compare them; ` +
      `one atomic commit holds at most ${MAX_BATCH_OPERATIONS} operations and 100,000 leaves. Split it, or walk the records in a migration first; nothing was written.`,
    { detail: 'batch_too_large' },
  );
}

/** `ifMatch` on a call about no record or several. */
export function oneRecordOnly(method: string, count: number): DustError {
  return new DustError(
    'invalid_criteria',
    `${method} with ifMatch is about exactly one record, and ${count} were given. A revision belongs to one record.`,
  );
}

/** Something else where an entity or a plain object is needed. */
export function notAnEntity(entity: Named, found: unknown): DustError {
  return new DustError(
    'invalid_value',
    `${entity.name}: expected an entity or a plain object, not ${describeValue(found)}. Nothing was written.`,
  );
}

/** An instance of an entity class whose records lie elsewhere. */
export function foreignEntity(entity: Named, found: string): DustError {
  return new DustError(
    'invalid_value',
    `${entity.name}: expected an entity or a plain object, not an instance of the entity ${found}. ` +
      `Use the repository of ${found}, or make a ${entity.name} of it with create(); nothing was written.`,
  );
}

/** Something else where the records of `insertMany` belong. */
export function notRecords(entity: Named, found: unknown): DustError {
  return new DustError(
    'invalid_value',
    `${entity.name}: insertMany takes an array or another (async) iterable of records, not ${describeValue(found)}.`,
  );
}

/** A partial without a defined field. `slugProperty` is given when the slug is all it has. */
export function nothingToWrite(entity: Named, method: string, slugProperty?: string): DustError {
  const hint =
    slugProperty === undefined
      ? 'Properties that are undefined are not part of a write; use null to write null.'
      : `${slugProperty} is the slug, which names the record and cannot be changed: insert a new record and delete the old one.`;
  return new DustError('nothing_to_write', `${entity.name}: ${method} was given no field to write. ${hint}`);
}

/** A slug that an earlier record of the same `insertMany` has. */
export function duplicateSlug(first: number): DustError {
  return new DustError(
    'invalid_value',
    `the slug is that of record ${first} of the same call. Each slug may occur once.`,
    { detail: 'duplicate_slug' },
  );
}

/** A slug that an earlier entity of the same `save`, `insert` or `upsert` has. */
export function duplicateInCall(
  entity: Named,
  slug: string,
  { first, method }: { readonly first: number; readonly method: string },
): DustError {
  return new DustError(
    'invalid_value',
    `${entity.name} ${JSON.stringify(slug)}: ${method} was given the record twice, at position ${first} and here. Each slug may occur once; nothing was written.`,
    { detail: 'duplicate_slug' },
  );
}

/** An `insertMany` whose signal was aborted. */
export function bulkInsertAborted(reason: unknown): DustError {
  return new DustError('aborted', 'the insertion was called off.', { cause: reason });
}
