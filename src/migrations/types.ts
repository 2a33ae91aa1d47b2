import type { EntityManager } from '../repository/index.js';
import type { DeepPartial, EntityTarget } from '../query/index.js';
import type { Transport } from '../transport/transport.js';

/** One step in the life of the stored records, in TypeORM's form: a class or an object with `up` and, to undo it, `down`. */
export interface MigrationInterface {
  /**
   * What it is recorded under: words that end in a JavaScript time stamp of 13 digits, such as `AddAuthor1700000000000`. Default: the name
   * of the class. Needed where a bundler changes the names of classes.
   */
  readonly name?: string;
  /**
   * Brings the records to the new form. It may be called again after a crash or a failure, so whatever it does must do no harm twice.
   *
   * @throws whatever it fails with: the migration is then recorded as failed
   */
  up(context: MigrationContext): Promise<unknown>;
  /**
   * Undoes what `up` did. As `up`, it may be called again.
   *
   * @throws as {@link MigrationInterface.up} does
   */
  down?(context: MigrationContext): Promise<unknown>;
}

/** What makes a migration: its class, made without arguments, or the migration itself. */
export type MigrationClass = (new () => MigrationInterface) | MigrationInterface;

/** What a migration works with. Its functions need no `this`. */
export interface MigrationContext {
  /** All entities of the data source. */
  readonly manager: EntityManager;
  /** The way to the data source's own store, below all mapping. */
  readonly transport: Transport;
  /** Fires when the migration is to stop: the caller called it off, the data source is destroyed, or another process took over. */
  readonly signal: AbortSignal;
  /**
   * Goes through all records of a class in the order of their slugs, and saves what `fn` changes. Where it stands is kept in the store, so that
   * the next run goes on behind it. See {@link Walk}.
   */
  readonly walk: Walk;
  /** Tells how far work has come that is no walk. */
  readonly progress: (processed: number, total?: number) => void;
}

/**
 * What becomes of a record of a walk: `false` leaves it as it is, an object is merged onto the entity as `merge` does, and with anything else
 * the entity is saved as `fn` left it.
 */
// eslint-disable-next-line @typescript-eslint/no-invalid-void-type -- what a function without a return returns
export type WalkOutcome<T> = DeepPartial<T> | false | undefined | void;

/**
 * Goes through all records of a class, those that cannot be read as entities left out. An entity that `fn` has changed is saved, if its record is
 * still as it was read: else it is read again, and `fn` is called again. Without `fn` every entity is saved as it was read, which
 * writes those whose stored form is an old one.
 *
 * After a crash `fn` is called again for the records since the last place that was kept: what it does must do no harm twice. A walk that is
 * called off saves what it has visited, and its place. Wait for each walk: one that still goes on when its migration is done fails that.
 *
 * @throws DustError `aborted` when the migration is to stop; `conflict` when other writers were faster each time; what reading and saving
 * throw; what `fn` throws, when the records before are saved
 */
export type Walk = <T extends object>(
  entity: EntityTarget<T>,
  fn?: (entity: T) => WalkOutcome<T> | Promise<WalkOutcome<T>>,
  options?: WalkOptions,
) => Promise<WalkResult>;

/** How a walk goes. */
export interface WalkOptions {
  /** What its place is kept under. Default: the prefix of the class, with a number for the second walk of one migration through it. */
  readonly key?: string;
  /** How many records are read, and saved, together. Default 500. */
  readonly pageSize?: number;
  /** After how many records its place is kept at the latest. Default 5,000. */
  readonly checkpointRecords?: number;
  /** After how many milliseconds its place is kept at the latest, when a record is done. Default 2,000. */
  readonly checkpointInterval?: number;
}

/** What a walk did, in all runs of its migration. */
export interface WalkResult {
  /** Records that it passed. */
  readonly processed: number;
  /** Records that it changed. */
  readonly written: number;
}

/** How far a migration has come. */
export interface MigrationProgress {
  /** The migration's name. */
  readonly name: string;
  /** Whether it is being done or undone. */
  readonly direction: MigrationDirection;
  /** Whether it begins, goes on or is done. */
  readonly stage: 'begun' | 'working' | 'done';
  /** Of a walk: the name of its class. */
  readonly entity?: string | undefined;
  /** Records that were passed, those of earlier runs included. */
  readonly processed?: number | undefined;
  /** Records that were changed, those of earlier runs included. */
  readonly written?: number | undefined;
  /** Records in all, where counting them reads nothing. */
  readonly total?: number | undefined;
  /** Records a second, in this run. */
  readonly rate?: number | undefined;
  /** Milliseconds that are left at this rate, where `total` is known. */
  readonly timeLeft?: number | undefined;
}

/** `up` does a migration, `down` undoes it. */
export type MigrationDirection = 'up' | 'down';

/** How migrations are run. */
export interface RunMigrationsOptions {
  /** Records migrations as done, or as undone, without calling them. Default `false`. */
  readonly fake?: boolean;
  /** Stops between two steps; what is done stays, and the next run goes on from there. */
  readonly signal?: AbortSignal;
  /** Hears how far it is. What it throws ends the run. */
  readonly onProgress?: (progress: MigrationProgress) => void;
  /**
   * Hears, once, that another process runs migrations, and that this one waits for it: who that is, and for how many milliseconds it is waited
   * for if it gives no sign of life, as when it was killed.
   */
  readonly onWait?: (holder: string | null, timeLeft: number) => void;
  /** Milliseconds that the right to run migrations lasts without a sign of life: how long others wait for a process that crashed. Default 30,000. */
  readonly ttl?: number;
}

/** A migration that was run, as TypeORM has it. */
export interface Migration {
  /** What it is recorded under. */
  readonly name: string;
  /** The time stamp in its name, which is its place in the order. */
  readonly timestamp: number;
  /** The migration itself. */
  readonly instance: MigrationInterface;
}

/** How a migration stands: `interrupted` when a process ended while it ran it. */
export type MigrationState = 'pending' | 'running' | 'interrupted' | 'done' | 'failed';

/** How one migration stands. */
export interface MigrationStatus {
  /** What it is recorded under. */
  readonly name: string;
  /** The time stamp in its name, which is its place in the order. */
  readonly timestamp: number;
  /** How it stands. */
  readonly state: MigrationState;
  /** Whether it is among the migrations of this data source. One that is not was recorded by another version of the program. */
  readonly isKnown: boolean;
  /** Whether it is being done or undone, or was when it ended. Absent while it is pending. */
  readonly direction?: MigrationDirection | undefined;
  /** When its last run began. */
  readonly startedAt?: Date | undefined;
  /** When it was done, or failed. */
  readonly endedAt?: Date | undefined;
  /** How often it was begun. */
  readonly attempts: number;
  /** What it failed with. */
  readonly error?: string | undefined;
  /** Where its walks stand. */
  readonly walks: readonly WalkStatus[];
}

/** Where a walk of a migration stands. */
export interface WalkStatus extends WalkResult {
  /** What its place is kept under. */
  readonly key: string;
  /** Whether it has passed all records. */
  readonly isDone: boolean;
}

/**
 * Writes the records that a program begins with. It is not recorded, and may be called any number of times: `insert` writes in place of what is there.
 *
 * @throws whatever it fails with
 */
export type SeedFunction = (manager: EntityManager) => unknown;
