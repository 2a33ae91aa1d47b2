import { DustError, isDustError, messageOf } from '../../errors.js';
import type { DustErrorDetails } from '../../errors.js';
import type { EntityClass, EntityMetadata } from '../../metadata/types.js';
import { describeCriteria } from '../../query/index.js';

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
 * it, which is its `cause`, and says what had been written by then, and whether of others nobody knows.
 */
export class PartialWriteError extends DustError {
  /** What was written for certain: wire names of fields for one record, slugs for several. May be empty where nobody knows of others. */
  readonly landed: readonly string[];

  /** Takes kind and facts from `cause`. */
  constructor(message: string, cause: DustError, landed: readonly string[]) {
    super(cause.kind, message, { ...detailsOf(cause), cause });
    this.name = 'PartialWriteError';
    this.landed = landed;
  }
}

/**
 * An `insertMany` that did not come to its end. Has the kind of what stopped it, which is its `cause`; kind `aborted` with detail `thrown` for
 * what code of the program threw: a hook, a subscriber, the source of the records, `onProgress`.
 */
export class BulkInsertError extends DustError {
  /** The position in the input, from 0, of the record that stopped it, or that would have been the next one. */
  readonly index: number;
  /** The record's slug, undefined when it has none or was not there yet. */
  readonly slug: string | undefined;
  /** How many records of the input had been written; the first ones, where the transport has atomic batches. */
  readonly landed: number;
  /** How many more, from `index` on, may have been written or may be later: their answer is missing. */
  readonly unsettled: number;

  /** Takes kind and facts from `cause`, where that is a DustError. */
  constructor(
    entity: Named,
    cause: unknown,
    at: { index: number; slug: string | undefined; landed: number; unsettled: number },
  ) {
    const { index, slug, landed, unsettled } = at;
    const record = slug === undefined ? 'no slug' : `slug ${JSON.stringify(slug)}`;
    const rest = unsettled === 0 ? '' : ` for certain, and ${unsettled} more of which nobody knows`;
    const facts = isDustError(cause) ? detailsOf(cause) : { detail: 'thrown' };
    super(
      isDustError(cause) ? cause.kind : 'aborted',
      `${entity.name}: insertMany stopped at record ${index} (${record}) with ${landed} records written${rest}: ${messageOf(cause)}`,
      { ...facts, cause },
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
