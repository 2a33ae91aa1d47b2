import type { Clock } from '../../clock.js';
import type { Logger } from '../../logging.js';
import type { RecordProblem } from '../../mapping/types.js';
import type { EntityMetadata } from '../../metadata/types.js';
import { describeProblem } from './invalid-record.js';
import { Once } from './once.js';

/** So many records are named one by one. */
const NAMED = 3;
/** So many reasons are told apart; what comes beyond them is counted together. */
const MOST_REASONS = 20;
const OTHER = 'other reasons';

/** Waits before what was counted is told, in milliseconds: each is twice the one before. */
const FIRST_WAIT = 10_000;
const LONGEST_WAIT = 3_600_000;

/**
 * Warns of the records of a class that cannot be read: of the first ones by name, of the others how many there were and why. What it keeps does
 * not grow with the data. Without a clock, what was counted is told at the end.
 */
export class InvalidRecordLog {
  readonly #metadata: EntityMetadata;
  readonly #logger: Logger;
  readonly #clock: Clock | undefined;
  readonly #known = new Once();
  readonly #counts = new Map<string, number>();
  #named = 0;
  #wait = FIRST_WAIT;
  #cancel: (() => void) | undefined;
  #isOver = false;

  constructor(metadata: EntityMetadata, logger: Logger, clock?: Clock) {
    this.#metadata = metadata;
    this.#logger = logger;
    this.#clock = clock;
  }

  /** Takes note of a record. One that was noted as it is, not long ago, counts once. */
  note(problem: RecordProblem): void {
    const text = describeProblem(this.#metadata, problem);
    if (!this.#known.first(text)) return;
    if (this.#named < NAMED) {
      this.#named++;
      const last = this.#named === NAMED ? ' Further ones are counted.' : '';
      this.#logger.warn(`${text} It is left out of every result.${last}`);
      return;
    }
    const reason = reasonOf(problem);
    const counted = this.#counts.has(reason) || this.#counts.size < MOST_REASONS ? reason : OTHER;
    this.#counts.set(counted, (this.#counts.get(counted) ?? 0) + 1);
    if (!this.#isOver) this.#tellLater();
  }

  /** Tells what was counted, and waits for nothing any more. */
  close(): void {
    this.#isOver = true;
    this.#cancel?.();
    this.#tell();
  }

  #tellLater(): void {
    this.#cancel ??= this.#clock?.schedule(() => {
      this.#cancel = undefined;
      this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
      this.#tell();
    }, this.#wait);
  }

  #tell(): void {
    if (this.#counts.size === 0) return;
    const reasons = [...this.#counts].sort(([, a], [, b]) => b - a);
    const total = reasons.reduce((sum, [, count]) => sum + count, 0);
    this.#counts.clear();
    this.#logger.warn(
      `${this.#metadata.name}: ${total} more of its records could not be read and were left out: ` +
        `${reasons.map(([reason, count]) => `${count} × ${reason}`).join('; ')}. ` +
        'dust-orm doctor --config … --records looks at all of them.',
    );
  }
}

/** Why a record cannot be read, without its values: the same for all that lack the same. */
export function reasonOf({ missing, malformed, upgrade }: RecordProblem): string {
  const reasons = [
    ...(upgrade === undefined ? [] : [upgrade]),
    ...(missing.length === 0 ? [] : [`missing ${missing.join(', ')}`]),
    ...(malformed.length === 0 ? [] : [`malformed ${malformed.map(({ field }) => field).join(', ')}`]),
  ];
  return reasons.join('; ');
}
