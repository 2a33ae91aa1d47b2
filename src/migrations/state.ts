import type { MigrationDirection, MigrationState } from './types.js';

/** The place of a walk, as it is kept in the store. */
export interface WalkPlace {
  /** The slug of the last record that is done with; null before the first. */
  readonly after: string | null;
  readonly processed: number;
  readonly written: number;
  readonly done: boolean;
}

/** What the store keeps of a migration that was begun; nothing is kept of one that is pending. */
export interface MigrationRecord {
  readonly state: 'running' | 'done' | 'failed';
  readonly direction: MigrationDirection;
  /** Of the last run, in milliseconds since the Unix epoch. */
  readonly startedAt: number;
  /** When it was done or failed. */
  readonly endedAt?: number | undefined;
  readonly attempts: number;
  /** Tells the last run from every other one. */
  readonly run: string;
  readonly error?: string | undefined;
  readonly walks: Readonly<Record<string, WalkPlace>>;
}

/** A record, or undefined while the migration is pending. */
export type Recorded = MigrationRecord | undefined;

/** The most characters of an error that are kept. */
const MAX_ERROR = 1000;

/** Whether `up` has still something to do. */
export function isPending(record: Recorded): boolean {
  return record?.state !== 'done';
}

/**
 * A run begins. One in the direction of the last goes on from where its walks stand; in the other direction they begin anew.
 *
 * @throws TypeError for a step that cannot be made: doing what is done, undoing what was never begun
 */
export function begun(
  record: Recorded,
  direction: MigrationDirection,
  { now, run }: { readonly now: number; readonly run: string },
): MigrationRecord {
  if (direction === 'up' ? !isPending(record) : record === undefined) {
    throw new TypeError(`A migration that is ${record?.state ?? 'pending'} cannot be begun ${direction}.`);
  }
  const goesOn = record?.direction === direction;
  return {
    state: 'running',
    direction,
    startedAt: now,
    attempts: goesOn ? record.attempts + 1 : 1,
    run,
    walks: goesOn ? record.walks : {},
  };
}

/** A walk has come to a place. */
export function walked(record: MigrationRecord, key: string, place: WalkPlace): MigrationRecord {
  return { ...running(record), walks: { ...record.walks, [key]: place } };
}

/** A run succeeded. What is undone is pending: nothing is kept of it. */
export function finished(record: MigrationRecord, now: number): Recorded {
  const { direction, startedAt, attempts, run, walks } = running(record);
  if (direction === 'down') return undefined;
  return { state: 'done', direction, startedAt, endedAt: now, attempts, run, walks };
}

/** A run failed. Where its walks stand is kept for the next. */
export function failed(record: MigrationRecord, error: string, now: number): MigrationRecord {
  return { ...running(record), state: 'failed', endedAt: now, error: error.slice(0, MAX_ERROR) };
}

/** How a migration stands, where it is known whether somebody runs migrations just now. */
export function stateOf(record: Recorded, isHeld: boolean): MigrationState {
  if (record === undefined) return 'pending';
  return record.state === 'running' && !isHeld ? 'interrupted' : record.state;
}

/** @throws TypeError unless the migration runs */
function running(record: MigrationRecord): MigrationRecord {
  if (record.state === 'running') return record;
  throw new TypeError(`A migration that is ${record.state} does not run.`);
}
