import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';

/** Milliseconds that a client may be silent, as on a Phoenix server. */
export const HEARTBEAT_TIMEOUT = 60_000;

/** Milliseconds that a client may stay without having joined a store. */
export const JOIN_TIMEOUT = 60_000;

/** What a {@link SilenceWatch} goes by. */
export interface SilenceWatchOptions {
  readonly clock: Clock;
  /** Milliseconds that there may be silence. */
  readonly timeout: number;
  /** Called after so long a silence. The watch goes on when it returns true. */
  readonly onSilence: () => boolean;
}

/** Notices when nothing has been heard for some time. */
export class SilenceWatch {
  readonly #options: SilenceWatchOptions;
  #heardAt: number;
  #callOff: () => void;

  constructor(options: SilenceWatchOptions) {
    this.#options = options;
    this.#heardAt = monotonicOf(options.clock);
    this.#callOff = this.#wait(options.timeout);
  }

  /** Something was heard. */
  note(): void {
    this.#heardAt = monotonicOf(this.#options.clock);
  }

  stop(): void {
    this.#callOff();
  }

  #wait(ms: number): () => void {
    return this.#options.clock.schedule(() => {
      this.#look();
    }, ms);
  }

  #look(): void {
    const { clock, timeout, onSilence } = this.#options;
    const left = this.#heardAt + timeout - monotonicOf(clock);
    // A clock that was set back must not prolong the wait for ever.
    if (left > 0) this.#callOff = this.#wait(Math.min(left, timeout));
    else if (onSilence()) this.#callOff = this.#wait(timeout);
  }
}
