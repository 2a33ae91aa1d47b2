import type { Clock } from '../clock.js';

/** A wait that somebody asked for; a later one takes the place of an earlier one. */
export class Pause {
  readonly #clock: Clock;
  readonly #onEnd: () => void;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, onEnd: () => void) {
    this.#clock = clock;
    this.#onEnd = onEnd;
  }

  get isOn(): boolean {
    return this.#cancel !== undefined;
  }

  /** Waits for `ms` milliseconds from now on. */
  begin(ms: number): void {
    this.callOff();
    const onEnd = (): void => {
      this.#cancel = undefined;
      this.#onEnd();
    };
    this.#cancel = this.#clock.schedule(onEnd, ms, { keepAlive: true });
  }

  callOff(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
