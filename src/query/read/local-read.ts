import { assertNotAborted } from '../../abort-listener.js';
import type { StoredRecord } from '../../mapping/types.js';
import type { IndexDefinition, LocalRecords, RecordLeaves } from '../../protocol/values/record-access.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { Plan } from '../plan/plan.js';
import { indexesOf } from '../plan/plan.js';
import { PathCursor } from './path-cursor.js';
import type { TurnBudget } from './turns.js';

/** What is made of the records of a read, one after the other. */
export interface Fold<R> {
  /** Takes in the next record. False when it needs no more. */
  add(record: StoredRecord): boolean;
  /** Makes a result ready behind the last record, until the turn is over or it is ready: then true. Left out where there is nothing to do. */
  settle?(isOver: () => boolean): boolean;
  /** To be called once, behind the last record. */
  result(): R;
}

/** The result of a fold behind its last record, giving the event loop back while it is made ready. */
export async function resultInTurns<R>(
  fold: Fold<R>,
  turns: TurnBudget,
  signal: AbortSignal | undefined,
): Promise<R> {
  while (fold.settle?.(turns.begin()) === false) {
    await turns.pause();
    assertNotAborted(signal);
  }
  return fold.result();
}

/** A read of several records that is to be of one moment. */
export interface LocalRead<R> {
  /** The records as they are now; undefined when they cannot be read in this process any more. */
  readonly open: () => LocalRecords | undefined;
  readonly plan: (records: LocalRecords) => Plan;
  /** What takes in the records, from the beginning; with them where they are read in this process. */
  readonly fold: (plan: Plan, records?: LocalRecords) => Fold<R>;
  readonly signal: AbortSignal | undefined;
  readonly turns: TurnBudget;
  /** Hears of leaves that lie at a record's own path and belong to none. */
  readonly onStray?: ((leaf: Leaf) => void) | undefined;
  /** Hears how many places were looked at, and by which plan. */
  readonly onDone?: ((plan: Plan, passed: number) => void) | undefined;
}

/** What was read; without a result when the records could not be read in this process to the end. */
export interface LocalOutcome<R> {
  readonly result: R;
}

/** So often a read begins again before it gives the event loop back no more. */
const ATTEMPTS = 3;

/**
 * Reads records in this process, giving the event loop back as often as the turns say. They are of one moment, that at which it began:
 * for what is written in between, they are held as they were. When that becomes too much, or an index went that they were read by, the read
 * begins again; the last time it is made in one turn.
 */
export async function readLocally<R>(read: LocalRead<R>): Promise<LocalOutcome<R> | undefined> {
  for (let attempt = 1; attempt < ATTEMPTS; attempt++) {
    const outcome = await readInTurns(read);
    if (outcome === undefined) return undefined;
    if (outcome !== 'crossed') return { result: await outcome.finish() };
  }
  const records = read.open();
  if (records === undefined) return undefined;
  const attempt = new Attempt(read, records);
  attempt.goOn(records, NEVER);
  return { result: await attempt.finish() };
}

/** What has read all of them; undefined when they could not be read in this process to the end. */
async function readInTurns<R>(read: LocalRead<R>): Promise<Attempt<R> | 'crossed' | undefined> {
  const { open, signal, turns } = read;
  const first = open();
  if (first === undefined) return undefined;
  const { moment, era } = first;
  const attempt = new Attempt(read, first);
  if (attempt.goOn(first, turns.begin())) return attempt;
  const held = first.hold?.();
  try {
    for (;;) {
      await turns.pause();
      assertNotAborted(signal);
      const now = open();
      if (now === undefined) return undefined;
      if (!attempt.canGoOn(now)) return 'crossed';
      const isPresent = now.moment === moment && now.era === era;
      if (!isPresent && held?.isWhole !== true) return 'crossed';
      if (attempt.goOn(isPresent ? now : held!.records, turns.begin())) return attempt;
    }
  } finally {
    held?.release();
  }
}

const NEVER = (): boolean => false;

/** One pass over the records of a plan. */
class Attempt<R> {
  readonly #read: LocalRead<R>;
  readonly #plan: Plan;
  readonly #indexes: readonly IndexDefinition[];
  readonly #cursor: PathCursor;
  readonly #fold: Fold<R>;

  constructor(read: LocalRead<R>, records: LocalRecords) {
    this.#read = read;
    this.#plan = read.plan(records);
    this.#indexes = indexesOf(this.#plan.path);
    this.#cursor = new PathCursor(this.#plan.path, read.onStray);
    this.#fold = read.fold(this.#plan, records);
  }

  /** Whether all that the plan goes by is still there. */
  canGoOn({ indexes }: LocalRecords): boolean {
    return this.#indexes.every((index) => indexes.includes(index));
  }

  /** Reads until the turn is over, or to the end: then true. */
  goOn(records: LocalRecords, isOver: () => boolean): boolean {
    for (const record of this.#cursor.read(records)) {
      if (record !== undefined && !this.#fold.add(storedRecordOf(record))) return true;
      if (isOver()) return false;
    }
    return true;
  }

  finish(): Promise<R> {
    const { onDone, turns, signal } = this.#read;
    onDone?.(this.#plan, this.#cursor.passed);
    return resultInTurns(this.#fold, turns, signal);
  }
}

/** A record with its revision: the greatest of its leaves. */
export function storedRecordOf({ slug, leaves }: RecordLeaves): StoredRecord {
  let revision = 0;
  for (const leaf of leaves) if (leaf.revision > revision) revision = leaf.revision;
  return { slug, leaves, revision };
}
