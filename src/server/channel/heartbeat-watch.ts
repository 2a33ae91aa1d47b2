import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';

/** Milliseconds that a client may be silent, as on a Phoenix server. */
export const HEARTBEAT_TIMEOUT = 60_000;

/** Notices when a client has fallen silent. */
export class HeartbeatWatch {
  readonly #clock: Clock;
  readonly #onSilence: () => void;
  #heardAt: number;
  #callOff: () => void;

  /** @param onSilence called once, unless the watch is stopped before */
  constructor(clock: Clock, onSilence: () => void) {
    this.#clock = clock;
    this.#onSilence = onSilence;
    this.#heardAt = monotonicOf(clock);
    this.#callOff = this.#wait(HEARTBEAT_TIMEOUT);
  }

  /** The client has said something. */
  note(): void {
    this.#heardAt = monotonicOf(this.#clock);
  }

  stop(): void {
    this.#callOff();
  }

  #wait(ms: number): () => void {
    return this.#clock.schedule(() => {
      this.#look();
    }, ms);
  }

  #look(): void {
    const left = this.#heardAt + HEARTBEAT_TIMEOUT - monotonicOf(this.#clock);
    // A clock that was set back must not prolong the wait for ever.
    if (left > 0) this.#callOff = this.#wait(Math.min(left, HEARTBEAT_TIMEOUT));
    else this.#onSilence();
  }
}
