import type { Clock } from '../../clock.js';
import { Pause } from '../../sync/index.js';

/** One that waits. */
export interface Waiter {
  /** The lower one came earlier. */
  readonly ordinal: number;
  /** Ends the wait that it is in. */
  wake: () => void;
}

/** Those who wait for a rate limit: each asks when the one before it has got through, in the order they came. */
export class Turns {
  readonly #pause: Pause;
  #line: Waiter[] = [];
  /** Whose turn it is. */
  #asking: Waiter | undefined;

  constructor(clock: Clock) {
    this.#pause = new Pause(clock, () => {
      this.#advance();
    });
  }

  /** Whether one who comes now must wait. */
  get isBusy(): boolean {
    return this.#pause.isOn || this.#asking !== undefined || this.#line.length > 0;
  }

  /** Resolves when it is the turn of `waiter`, or when it is woken. Its turn lasts until {@link leave}. */
  join(waiter: Waiter): Promise<void> {
    return new Promise((resolve) => {
      waiter.wake = resolve;
      const after = this.#line.findIndex(({ ordinal }) => ordinal > waiter.ordinal);
      this.#line.splice(after === -1 ? this.#line.length : after, 0, waiter);
      this.#advance();
    });
  }

  /** It was refused: nobody asks for `ms` milliseconds. */
  holdFor(ms: number): void {
    this.#pause.begin(ms);
  }

  /** It waits no more, and its turn is over. */
  leave(waiter: Waiter): void {
    this.#line = this.#line.filter((other) => other !== waiter);
    if (this.#asking === waiter) this.#asking = undefined;
    this.#advance();
  }

  /** Whoever comes next may ask at once. */
  stop(): void {
    this.#pause.callOff();
    this.#advance();
  }

  #advance(): void {
    if (this.#pause.isOn || this.#asking !== undefined) return;
    this.#asking = this.#line.shift();
    this.#asking?.wake();
  }
}
