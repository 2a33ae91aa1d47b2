import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';
import { paceOf } from '../../work-pace.js';
import type { WalkPlace } from '../state.js';
import type { MigrationProgress } from '../types.js';

/** What is told of a walk. */
export type WalkTold = Pick<
  MigrationProgress,
  'entity' | 'processed' | 'written' | 'total' | 'rate' | 'timeLeft'
>;

/** How fast a walk goes, in this run, and when its place is to be kept. */
export class WalkMeter {
  readonly #clock: Clock;
  readonly #entity: string;
  readonly #total: number | undefined;
  readonly #begun: { readonly at: number; readonly processed: number };
  #kept: { readonly at: number; readonly processed: number };

  constructor(clock: Clock, entity: string, { processed }: WalkPlace, total: number | undefined) {
    this.#clock = clock;
    this.#entity = entity;
    this.#total = total;
    this.#begun = { at: monotonicOf(clock), processed };
    this.#kept = this.#begun;
  }

  /** Whether the place was kept so long ago, or so many records, that it is time to keep it. */
  isDue(
    processed: number,
    { records, interval }: { readonly records: number; readonly interval: number },
  ): boolean {
    return processed - this.#kept.processed >= records || this.#now - this.#kept.at >= interval;
  }

  /** The place was kept. */
  kept(processed: number): void {
    this.#kept = { at: this.#now, processed };
  }

  /** What to tell of a place. */
  told({ processed, written }: WalkPlace): WalkTold {
    const elapsed = this.#now - this.#begun.at;
    // Records that were inserted meanwhile may be passed, too.
    const total = this.#total === undefined ? undefined : Math.max(this.#total, processed);
    return {
      entity: this.#entity,
      processed,
      written,
      total,
      ...paceOf(
        processed - this.#begun.processed,
        elapsed,
        total === undefined ? undefined : total - processed,
      ),
    };
  }

  get #now(): number {
    return monotonicOf(this.#clock);
  }
}
