import { DustError } from '../../errors.js';
import type { DustErrorDetails } from '../../errors.js';
import type { EntityClass, EntityMetadata } from '../../metadata/types.js';
import { describeCriteria } from '../../query/index.js';
import { isOutcomeUnknown } from '../../protocol/unknown-outcome.js';

type Named = Pick<EntityMetadata, 'name'>;

/** A record that was asked for with an `…OrFail` method and does not exist. Kind `not_found`. */
export class EntityNotFoundError extends DustError {
  /** The entity's name. */
  readonly entityName: string;
  /** The entity class, as TypeORM's error has it. */
  readonly entityClass: EntityClass;
  /** What was asked for, as it was given. */
  readonly criteria: unknown;

  /** The message describes the criteria, whatever they hold, and names the entity. */
  constructor(entityClass: EntityClass, criteria: unknown, entityName = entityClass.name) {
    super('not_found', `No ${entityName} matches ${describeCriteria(criteria)}.`);
    this.name = 'EntityNotFoundError';
    this.entityName = entityName;
    this.entityClass = entityClass;
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

  /** Takes kind and facts from `cause`. */
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
  /** How many more, from `index` on, may have been written or may be later: their answer is missing. */
  readonly unsettled: number;

  /** Takes kind and facts from `cause`. */
  constructor(
    entity: Named,
    cause: DustError,
    at: { index: number; slug: string | undefined; landed: number; unsettled: number },
  ) {
    const { index, slug, landed, unsettled } = at;
    const record = slug === undefined ? 'no slug' : `slug ${JSON.stringify(slug)}`;
    const rest = unsettled === 0 ? '' : ` for certain, and ${unsettled} more of which nobody knows`;
    super(
      cause.kind,
      `${entity.name}: insertMany stopped at record ${index} (${record}) with ${landed} records written${rest}: ${cause.message}`,
      { ...detailsOf(cause), cause },
    );
    this.name = 'BulkInsertError';
    this.index = index;
    this.slug = slug;
    this.landed = landed;
    this.unsettled = unsettled;
  }
}

/** The facts of an error, for one that says more about it. */
export function detailsOf(error: DustError): DustErrorDetails {
  const { detail, retryable, currentRevision, opIndex, path, retryAfter, status, duplicate } = error;
  return { detail, retryable, currentRevision, opIndex, path, retryAfter, status, duplicate };
}

/** A write of one record that stopped between its steps. */
export function stoppedOnTheWay(
  subject: string,
  landed: readonly string[],
  cause: DustError,
): PartialWriteError {
  return new PartialWriteError(
    `${subject}: the write stopped on the way, with ${landed.join(', ')} written: ${cause.message}`,
    cause,
    landed,
  );
}

/** A write of several records that stopped between them. */
export function stoppedBetweenRecords(
  landed: readonly string[],
  wanted: number,
  cause: DustError,
): PartialWriteError {
  const rest = isOutcomeUnknown(cause) ? ', and of those that were under way nobody knows' : '';
  return new PartialWriteError(
    `The write stopped after ${landed.length} of ${wanted} records${rest}: ${cause.message}`,
    cause,
    landed,
  );
}
