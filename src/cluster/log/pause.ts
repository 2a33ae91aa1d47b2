import { onAbort } from '../../abort-listener.js';
import type { Clock } from '../../clock.js';

/** A wait that may end early. Never rejects: whoever waited looks at what is now. */
export class Pause {
  readonly #clock: Clock;
  #end: (() => void) | undefined;
  #isWoken = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves after `ms` milliseconds, when woken since the last wait, or when `signal` is aborted. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#isWoken && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const cancel = this.#clock.schedule(resolve, ms);
        const stopListening = onAbort(signal, resolve);
        this.#end = () => {
          cancel();
          stopListening();
          resolve();
        };
      });
      this.#end?.();
      this.#end = undefined;
    }
    this.#isWoken = false;
  }

  /** Ends the wait, or the next one. */
  wake(): void {
    this.#isWoken = true;
    this.#end?.();
  }
}
