import { DustError } from '../../errors.js';
import type { RecordProblem } from '../../mapping/types.js';
import type { EntityMetadata } from '../../metadata/types.js';
import { childPath } from '../../protocol/paths/path.js';

/**
 * What happens when a stored record cannot be an entity: `skip` leaves it out and warns, `throw` ends the read with
 * an {@link InvalidRecordError}, a function is called for each such record and read, which then leaves it out too.
 */
export type OnInvalidRecord = 'skip' | 'throw' | ((problem: RecordProblem) => void);

/** A stored record cannot be an entity, and `onInvalidRecord` is `throw`. Kind `invalid_record`. */
export class InvalidRecordError extends DustError implements RecordProblem {
  /** The entity class's name. */
  readonly entityName: string;
  /** The slug of the record. */
  readonly slug: string;
  /** Wire names of required fields that the record lacks. */
  readonly missing: readonly string[];
  /** Wire names in the record that no field claims. */
  readonly unrecognised: readonly string[];
  /** Fields whose value is not of their type, and why. */
  readonly malformed: RecordProblem['malformed'];
  /** Why the record could not be brought to the version of the class; undefined when it could. */
  readonly upgrade?: string;

  /** Names class, slug and all that is wrong in the message. */
  constructor(metadata: EntityMetadata, problem: RecordProblem) {
    const cure = 'Repair or delete the record, correct the class, or set onInvalidRecord to "skip".';
    super('invalid_record', `${describeProblem(metadata, problem)} ${cure}`, {
      path: childPath(metadata.prefixPath, problem.slug),
    });
    this.name = 'InvalidRecordError';
    this.entityName = metadata.name;
    this.slug = problem.slug;
    this.missing = problem.missing;
    this.unrecognised = problem.unrecognised;
    this.malformed = problem.malformed;
    if (problem.upgrade !== undefined) this.upgrade = problem.upgrade;
  }
}

/** What is wrong with a record, in one sentence that names class and slug. */
export function describeProblem(metadata: EntityMetadata, problem: RecordProblem): string {
  const faults = [
    problem.upgrade ?? '',
    listed('missing', problem.missing),
    listed(
      'malformed',
      problem.malformed.map(({ field, reason }) => `${field} (${reason})`),
    ),
    listed('unrecognised', problem.unrecognised),
  ].filter((fault) => fault !== '');
  return `${metadata.name} ${JSON.stringify(problem.slug)} cannot be read: ${faults.join('; ')}.`;
}

function listed(label: string, names: readonly string[]): string {
  return names.length === 0 ? '' : `${label} ${names.join(', ')}`;
}
