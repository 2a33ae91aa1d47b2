import type { Random } from './random.js';
import type { Scheduler } from './scheduler.js';

/** One direction of a connection: frames arrive late, in order, or not at all. */
export class Wire {
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #latency: () => number;
  #arrival = 0;
  #stalledUntil = 0;
  #brokenAt = Infinity;

  constructor(scheduler: Scheduler, random: Random, latency: () => number) {
    this.#scheduler = scheduler;
    this.#random = random;
    this.#latency = latency;
  }

  /** Calls `arrive` when the frame gets there, `vanish` when it would have. */
  send(arrive: () => void, vanish: () => void = () => undefined): void {
    const now = this.#scheduler.now();
    this.#arrival = Math.max(this.#arrival, this.#stalledUntil, now + this.#random.int(0, this.#latency()));
    this.#scheduler.schedule(() => {
      if (this.#scheduler.now() < this.#brokenAt) arrive();
      else vanish();
    }, this.#arrival - now);
  }

  /** Nothing sent from now on arrives within `ms`. */
  stall(ms: number): void {
    this.#stalledUntil = Math.max(this.#stalledUntil, this.#scheduler.now() + ms);
  }

  /** Nothing arrives from `ms` on, what is under way included. Nobody is told. */
  break(ms: number): void {
    this.#brokenAt = Math.min(this.#brokenAt, this.#scheduler.now() + ms);
  }
}
