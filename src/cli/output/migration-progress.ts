import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';
import type { MigrationProgress } from '../../migrations/index.js';
import { workText } from '../../work-pace.js';
import type { Progress } from './progress.js';

/** Milliseconds between two lines at least. */
const BETWEEN = 100;

/** Shows how far a migration is, now and then. */
export class MigrationProgressLine {
  readonly #progress: Progress;
  readonly #clock: Clock;
  #last = -Infinity;
  /** The migration that was begun last. */
  current: MigrationProgress | undefined;

  constructor(progress: Progress, clock: Clock) {
    this.#progress = progress;
    this.#clock = clock;
  }

  readonly hear = (progress: MigrationProgress): void => {
    this.current = progress;
    const now = monotonicOf(this.#clock);
    if (progress.stage === 'working' && now - this.#last < BETWEEN) return;
    this.#last = now;
    // A terminal that has gone changes nothing for the work.
    this.#progress.show(textOf(progress)).catch(() => undefined);
  };
}

/** What is shown of it: `AddAuthor1700000000000: Author, 12,000 of 100,000 records, 3,400 a second, 26 s left`. */
export function textOf({ name, entity, processed, total, rate, timeLeft }: MigrationProgress): string {
  const parts = [
    ...(entity === undefined ? [] : [entity]),
    ...(processed === undefined
      ? []
      : [workText({ done: processed, total, unit: 'records', rate, timeLeft })]),
  ];
  return parts.length === 0 ? name : `${name}: ${parts.join(', ')}`;
}
