import { DustError, messageOf } from '../errors.js';
import type { EntityMetadata } from '../metadata/types.js';
import { describeValue } from '../query/index.js';
import { detailsOf } from '../repository/index.js';
import type { MigrationDirection } from './types.js';

/** A migration that did not come to its end. Has the kind of what stopped it, which is its `cause`. */
export class MigrationError extends DustError {
  /** The migration's name. */
  readonly migration: string;
  /** Whether it was being done or undone. */
  readonly direction: MigrationDirection;

  /** Takes kind and facts from `cause`. */
  constructor(migration: string, direction: MigrationDirection, cause: DustError) {
    super(cause.kind, `Migration ${migration} (${direction}) stopped: ${cause.message}`, {
      ...detailsOf(cause),
      cause,
    });
    this.name = 'MigrationError';
    this.migration = migration;
    this.direction = direction;
  }
}

/** Something else where a migration belongs. */
export function notAMigration(position: number, found: unknown): DustError {
  return new DustError(
    'invalid_options',
    `DataSource option migrations[${position}] must be a class or an object with an up method, or the name of a file, not ${describeValue(found)}.`,
  );
}

/** A class that cannot be made. */
export function migrationNotMade(name: string, cause: unknown): DustError {
  return new DustError(
    'invalid_options',
    `The migration ${name} could not be made: ${messageOf(cause)} A migration's class takes no arguments.`,
    { cause },
  );
}

/** A migration whose class or object lacks what it needs. */
export function withoutUp(name: string): DustError {
  return new DustError('invalid_options', `The migration ${name} has no method up.`);
}

/** A name that says no place in the order. */
export function nameWithoutTime(name: string): DustError {
  return new DustError(
    'invalid_options',
    `The migration's name ${JSON.stringify(name)} must end in a JavaScript time stamp of 13 digits, such as ${name.replace(/\d+$/, '') || 'AddAuthor'}1700000000000: ` +
      'it is the migration\'s place in the order. "dust-orm migrate create" makes such names; where a bundler changes the names of classes, give it a property name.',
  );
}

/** Two migrations that would be recorded as one. */
export function duplicateMigration(name: string): DustError {
  return new DustError(
    'invalid_options',
    `There are two migrations ${name}. Names of migrations occur once.`,
  );
}

/** Files that a program does not load. */
export function filesInProgram(source: string, file: string): DustError {
  return new DustError(
    'invalid_options',
    `The data source "${source}" names migrations by files (${JSON.stringify(file)}), which only the command dust-orm migrate loads. ` +
      'Import their classes and give those, or leave running them to the command.',
    { detail: 'migration_files' },
  );
}

/** A migration that cannot be undone. */
export function withoutDown(name: string): DustError {
  return new DustError('not_supported', `The migration ${name} has no method down, so it cannot be undone.`, {
    detail: 'no_down',
  });
}

/** A recorded migration that this program does not have. */
export function migrationUnknown(name: string): DustError {
  return new DustError(
    'invalid_options',
    `The last migration that the store records is ${name}, which is not among the migrations of this data source. ` +
      'Undo it with the version of the program that has it.',
    { detail: 'unknown_migration' },
  );
}

/** A process that took over meanwhile. */
export function takenOver(name: string | undefined, cause: unknown): DustError {
  const what = name === undefined ? 'The right to run migrations' : `The right to run migration ${name}`;
  return new DustError(
    'not_held',
    `${what} was lost to another process, as this one gave no sign of life for too long. The other one goes on where it stands.`,
    { detail: 'migration_taken_over', retryable: true, cause },
  );
}

/** A run that was called off. */
export function runAborted(cause: unknown): DustError {
  return new DustError(
    'aborted',
    'Running migrations was called off. The next run goes on where this one stands.',
    {
      cause,
    },
  );
}

/** Something else where the store keeps a migration. */
export function recordOccupied(path: string): DustError {
  return new DustError(
    'occupied',
    `The path ${JSON.stringify(path)} holds something else than the record of a migration. Look at it and delete it: dust-orm rm ${JSON.stringify(path)}.`,
    { path },
  );
}

/** Something else where a walk takes its function. */
export function notAWalk(found: unknown): DustError {
  return new DustError(
    'invalid_options',
    `walk: its second argument must be a function or left out, not ${describeValue(found)}.`,
  );
}

/** A walk whose function gives an entity another slug: the record would stay, and the walk might meet the copy again, endlessly. */
export function slugChangedInWalk(
  { name, slugProperty }: Pick<EntityMetadata, 'name' | 'slugProperty'>,
  slug: string,
  found: unknown,
): DustError {
  return new DustError(
    'invalid_value',
    `walk: its function gave ${name} ${JSON.stringify(slug)} another ${slugProperty} (${describeValue(found)}), and a walk changes records where they are. ` +
      `To move one, have the function insert a copy under the new slug and delete the old record in one manager.batch, leave copies alone that it meets, and return false.`,
    { detail: 'slug_changed' },
  );
}

/** Two walks of one migration that would keep their place as one. */
export function duplicateWalk(key: string): DustError {
  return new DustError(
    'invalid_options',
    `walk: the key ${JSON.stringify(key)} is that of another walk of this migration. Give each one of its own.`,
  );
}

/** Walks that go on when their migration says that it is done. */
export function walkNotAwaited(direction: MigrationDirection, entities: readonly string[]): DustError {
  const walks = entities.map((entity) => `walk(${entity})`).join(' and ');
  return new DustError(
    'invalid_options',
    `${direction} was done while ${walks} still went on, which was stopped. Write await before walk, or return its promise.`,
    { detail: 'walk_not_awaited' },
  );
}

/** A walk that begins when its migration has ended. */
export function walkTooLate(): DustError {
  return new DustError(
    'invalid_options',
    'walk: the migration has ended, so there is nothing to walk for. Await everything in up and down.',
    { detail: 'walk_not_awaited' },
  );
}
