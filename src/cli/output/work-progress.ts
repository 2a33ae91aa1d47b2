import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';
import type { Pace } from '../../work-pace.js';
import { paceOf, workText } from '../../work-pace.js';
import type { Progress } from './progress.js';

/** Milliseconds between two lines at least. */
const BETWEEN = 100;

/** Milliseconds before a rate says anything. */
const EARLY = 1000;

/** What is counted, and how much there is. */
export interface Work {
  /** What comes before the figures, such as a name. */
  readonly title?: string | undefined;
  /** Such as `leaves`. */
  readonly unit: string;
  /** Whether it measures, so that a rate is said in it, as in `300 MB a second`. */
  readonly isMeasure?: boolean | undefined;
  readonly total?: number | undefined;
}

/** Shows now and then how far a work is, how fast it goes, and how long the rest will take. */
export class WorkProgress {
  readonly #progress: Progress;
  readonly #clock: Clock;
  readonly #work: Work;
  readonly #begun: number;
  #last = -Infinity;

  /** The work begins now. */
  constructor(progress: Progress, clock: Clock, work: Work) {
    this.#progress = progress;
    this.#clock = clock;
    this.#work = work;
    this.#begun = monotonicOf(clock);
  }

  /** So much is done. @throws what the terminal failed with */
  async tell(done: number): Promise<void> {
    const now = monotonicOf(this.#clock);
    if (now - this.#last < BETWEEN) return;
    this.#last = now;
    const { title } = this.#work;
    const text = workText({ ...this.#work, done, ...this.#pace(done, now - this.#begun) });
    await this.#progress.show(title === undefined ? text : `${title}: ${text}`);
  }

  #pace(done: number, elapsed: number): Pace {
    const { total } = this.#work;
    return elapsed < EARLY ? {} : paceOf(done, elapsed, total === undefined ? undefined : total - done);
  }
}
