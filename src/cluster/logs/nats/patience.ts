import type { Clock } from '../../../clock.js';
import { monotonicOf } from '../../../clock.js';

/** Tells what stays wrong from what is wrong while a leader is replaced. */
export class Patience {
  readonly #clock: Clock;
  readonly #milliseconds: number;
  #since: number | undefined;

  constructor(clock: Clock, milliseconds: number) {
    this.#clock = clock;
    this.#milliseconds = milliseconds;
  }

  /** Whether it has been wrong for so long, each time that somebody looked. */
  isOver(isWrong: boolean): boolean {
    if (!isWrong) {
      this.#since = undefined;
      return false;
    }
    const now = monotonicOf(this.#clock);
    this.#since ??= now;
    return now - this.#since >= this.#milliseconds;
  }
}
