import { DustError } from '../errors.js';
import type { DustErrorDetails } from '../errors.js';
import type { EntityMetadata, FieldMetadata, FieldRole } from '../metadata/types.js';
import type { Path } from '../protocol/path.js';
import { MAX_BATCH_OPERATIONS } from '../transport/transport.js';

type Named = Pick<EntityMetadata, 'name'>;

/** A record that was asked for with an `…OrFail` method and does not exist. Kind `not_found`. */
export class EntityNotFoundError extends DustError {
  /** The entity class's name. */
  readonly entityName: string;
  /** What was asked for, as it was given. */
  readonly criteria: unknown;

  constructor(entityName: string, criteria: unknown) {
    super('not_found', `No ${entityName} matches ${describe(criteria)}.`);
    this.name = 'EntityNotFoundError';
    this.entityName = entityName;
    this.criteria = criteria;
  }
}

/**
 * A write of several steps or records that stopped on the way. Has the kind (and the other facts) of what stopped
 * it, which is its `cause`, and says what had been written by then.
 */
export class PartialWriteError extends DustError {
  /** What was written before the error: wire names of fields for one record, slugs for several. */
  readonly landed: readonly string[];

  constructor(message: string, cause: DustError, landed: readonly string[]) {
    super(cause.kind, message, { ...detailsOf(cause), cause });
    this.name = 'PartialWriteError';
    this.landed = landed;
  }
}

/** A record of `insertMany` that could not be written. Has the kind of what stopped it, which is its `cause`. */
export class BulkInsertError extends DustError {
  /** The record's position in the input, from 0. */
  readonly index: number;
  /** The record's slug, undefined when it has none. */
  readonly slug: string | undefined;
  /** How many records of the input had been written; the first ones, where the transport has atomic batches. */
  readonly landed: number;

  constructor(entity: Named, cause: DustError, at: { index: number; slug: string | undefined; landed: number }) {
    const record = at.slug === undefined ? 'no slug' : `slug ${JSON.stringify(at.slug)}`;
    super(
      cause.kind,
      `${entity.name}: insertMany stopped at record ${at.index} (${record}) with ${at.landed} records written: ${cause.message}`,
      { ...detailsOf(cause), cause },
    );
    this.name = 'BulkInsertError';
    this.index = at.index;
    this.slug = at.slug;
    this.landed = at.landed;
  }
}

function detailsOf(error: DustError): DustErrorDetails {
  const { detail, retryable, currentRevision, opIndex, path, retryAfter } = error;
  return {
    retryable,
    ...(detail === undefined ? {} : { detail }),
    ...(currentRevision === undefined ? {} : { currentRevision }),
    ...(opIndex === undefined ? {} : { opIndex }),
    ...(path === undefined ? {} : { path }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

/** Criteria as they read in a message, whatever they hold. */
function describe(criteria: unknown): string {
  try {
    return JSON.stringify(criteria, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)) ?? String(criteria);
  } catch {
    return String(criteria);
  }
}

export function slugMissing(entity: Named, found: unknown): DustError {
  const what = found === '' ? 'an empty string' : String(found);
  return new DustError(
    'invalid_criteria',
    `${entity.name}: the slug is ${what}. Give a non-empty string; nothing was written.`,
  );
}

export function slugChanged(entity: Pick<EntityMetadata, 'name' | 'slugProperty'>, slug: string, found: unknown): DustError {
  return new DustError(
    'invalid_value',
    `${entity.name} ${JSON.stringify(slug)}: an update cannot change ${entity.slugProperty} (to ${describe(found)}). ` +
      'Insert the record under its new slug and delete the old one.',
  );
}

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
      (currentRevision === null ? '.' : ` (revision ${currentRevision}).`) +
      ' Use update, or insert without { ifAbsent: true } to write its fields anyway.',
    { ...(cause === undefined ? {} : { ...detailsOf(cause), cause }), path, currentRevision },
  );
}

export function revisionConflict(
  entity: Named,
  slug: string,
  path: Path,
  revisions: { expected: number; current: number | null },
  cause?: DustError,
): DustError {
  const now = revisions.current === null ? 'it does not exist now' : `it is at revision ${revisions.current} now`;
  return new DustError(
    'conflict',
    `${entity.name} ${JSON.stringify(slug)}: expected revision ${revisions.expected}, but ${now}. ` +
      'Read it again and repeat the change.',
    {
      ...(cause === undefined ? {} : { ...detailsOf(cause), cause }),
      path,
      currentRevision: revisions.current,
      retryable: false,
    },
  );
}

export function contention(entity: Named, slug: string, path: Path, attempts: number, cause: DustError): DustError {
  return new DustError(
    'conflict',
    `${entity.name} ${JSON.stringify(slug)}: other writers changed the record during each of ${attempts} attempts to update it. ` +
      'Try again when it is quieter.',
    { ...detailsOf(cause), path, retryable: true, cause },
  );
}

export function stoppedOnTheWay(subject: string, landed: readonly string[], cause: DustError): PartialWriteError {
  return new PartialWriteError(
    `${subject}: the write stopped on the way, with ${landed.join(', ')} written: ${cause.message}`,
    cause,
    landed,
  );
}

export function stoppedBetweenRecords(landed: readonly string[], wanted: number, cause: DustError): PartialWriteError {
  return new PartialWriteError(
    `The write stopped after ${landed.length} of ${wanted} records: ${cause.message}`,
    cause,
    landed,
  );
}

export function recordTooLarge(entity: Named, slug: string, operations: number): DustError {
  return new DustError(
    'invalid_params',
    `${entity.name} ${JSON.stringify(slug)}: a compare-and-swap of the record takes ${operations} operations, ` +
      `and one atomic commit holds at most ${MAX_BATCH_OPERATIONS}. Keep lists in one field instead of many.`,
    { detail: 'batch_too_large' },
  );
}

export function oneRecordOnly(method: string, count: number): DustError {
  return new DustError(
    'invalid_criteria',
    `${method} with ifMatch is about exactly one record, and ${count} were given. A revision belongs to one record.`,
  );
}

export function nothingToWrite(entity: Named, method: string): DustError {
  return new DustError(
    'nothing_to_write',
    `${entity.name}: ${method} was given no field to write. Properties that are undefined are not part of a write; use null to write null.`,
  );
}

export function emptyBatch(): DustError {
  return new DustError(
    'nothing_to_write',
    'The batch is empty. Add at least one insert, update, save or delete in the function given to batch().',
  );
}

export function batchTooLarge(operations: number): DustError {
  return new DustError(
    'invalid_params',
    `The batch takes ${operations} operations and one atomic commit holds at most ${MAX_BATCH_OPERATIONS}. ` +
      'Split it, or use insertMany, which commits in chunks; nothing was written.',
    { detail: 'batch_too_large' },
  );
}

export function batchAcrossStores(names: readonly string[]): DustError {
  return new DustError(
    'invalid_params',
    `One batch commits to one store, and ${names.join(', ')} lie in different stores. Make one batch for each store.`,
    { detail: 'batch_across_stores' },
  );
}

export function earlierInBatch(entity: Named, slug: string, method: string): DustError {
  return new DustError(
    'invalid_params',
    `${entity.name} ${JSON.stringify(slug)}: this ${method} depends on the stored record, which an earlier part of the batch changes. ` +
      'Make it one write.',
    { detail: 'earlier_in_batch' },
  );
}

export function batchOver(): DustError {
  return new DustError(
    'invalid_params',
    'This batch has been committed or refused already: add to it only inside the function given to batch().',
    { detail: 'batch_over' },
  );
}

export function notSupported(what: string, capability: string): DustError {
  return new DustError('not_supported', `${what} needs a transport with the capability ${capability}, and this one lacks it.`, {
    detail: capability,
  });
}

const ROLE_DECORATOR: Partial<Record<FieldRole, string>> = {
  counter: '@CounterField()',
  set: '@SetField()',
  file: '@FileField()',
};

export function unknownProperty(entity: EntityMetadata, property: string): DustError {
  const known = entity.fields.map((field) => field.propertyName).join(', ');
  return new DustError('invalid_criteria', `${entity.name} has no field "${property}". Its fields are ${known}.`);
}

export function wrongRole(entity: Named, field: FieldMetadata, method: string, role: FieldRole): DustError {
  const decorator = ROLE_DECORATOR[role] ?? role;
  return new DustError(
    'invalid_criteria',
    `${entity.name}.${field.propertyName}: ${method} works on ${decorator} properties only. ` +
      `Declare the property with ${decorator}, or write it with update.`,
  );
}

export function notANumber(entity: Named, property: string, method: string, found: unknown): DustError {
  return new DustError(
    'invalid_value',
    `${entity.name}.${property}: ${method} takes a finite number, not ${describe(found)}.`,
  );
}

export function invalidMember(entity: Named, property: string, method: string, reason: string): DustError {
  return new DustError('invalid_value', `${entity.name}.${property}: ${method} cannot store ${reason}. Give a JSON value.`);
}

export function recordMissing(entity: Named, slug: string, method: string): DustError {
  return new DustError(
    'not_found',
    `${entity.name} ${JSON.stringify(slug)} does not exist, so ${method} has nothing to write to. Insert it first.`,
  );
}

export function duplicateSlug(first: number): DustError {
  return new DustError(
    'invalid_value',
    `the slug is that of record ${first} of the same call. Each slug may occur once.`,
    { detail: 'duplicate_slug' },
  );
}

export function bulkInsertAborted(reason: unknown): DustError {
  return new DustError('aborted', 'the insertion was called off.', { cause: reason });
}

export function notAnEntity(entity: Named, found: unknown): DustError {
  return new DustError('invalid_value', `${entity.name}: expected an entity or a plain object, not ${describe(found)}.`);
}

export function invalidOption(method: string, option: string, expected: string, found: unknown): DustError {
  return new DustError('invalid_options', `${method}: ${option} must be ${expected}, not ${describe(found)}.`);
}

export function revisionUnknown(method: string): DustError {
  return new DustError(
    'invalid_options',
    `${method}: ifMatch is undefined, so there is no revision to compare with: the instance was not loaded from the store. ` +
      'Load it first, or leave ifMatch out to write whatever is there.',
  );
}

export function conflictOnOtherProperty(
  entity: Pick<EntityMetadata, 'name' | 'slugProperty'>,
  property: string | undefined,
): DustError {
  const found = property === undefined ? 'none' : `"${property}"`;
  return new DustError(
    'invalid_options',
    `${entity.name}: upsert knows one conflict path, the slug "${entity.slugProperty}", and was given ${found}. ` +
      'Give that one or leave the conflict paths out.',
  );
}

export function unknownOption(method: string, option: string, known: readonly string[]): DustError {
  return new DustError('invalid_options', `${method} has no option "${option}". It knows ${known.join(', ')}.`);
}

export function keyInsideEntity(what: string, key: Path, entity: Pick<EntityMetadata, 'name' | 'prefixPath'>): DustError {
  return new DustError(
    'invalid_params',
    `The ${what} key ${JSON.stringify(key)} lies in the records of ${entity.name} (${JSON.stringify(entity.prefixPath)}), ` +
      'where plain writes could overwrite it. Choose a key outside, such as one below "_dust:locks".',
    { detail: 'key_inside_entity', path: key },
  );
}

export function notASharedResult(key: Path): DustError {
  return new DustError(
    'occupied',
    `The key ${JSON.stringify(key)} holds something that singleFlight did not write. Choose another key or delete it.`,
    { path: key },
  );
}

export function resultNotJson(key: Path, reason: string, at: string): DustError {
  return new DustError(
    'invalid_value',
    `The result for the single-flight key ${JSON.stringify(key)} is not JSON: ${reason} at "result${at}". Return plain JSON data.`,
    { path: key },
  );
}
