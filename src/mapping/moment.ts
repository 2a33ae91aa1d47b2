import type { Clock } from '../clock.js';

/** The time of one write, which all of its time stamps have. */
export class WriteMoment {
  readonly #clock: Clock;
  #at: Date | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Begins the next write. */
  begin(): void {
    this.#at = undefined;
  }

  now(): Date {
    return (this.#at ??= new Date(this.#clock.now()));
  }
}
