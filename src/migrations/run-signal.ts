import { onAbort } from '../abort-listener.js';
import type { Clock } from '../clock.js';

/** One signal that fires when any of several does, and that lets go of them at the end of the run. */
export class RunSignal {
  readonly #controller = new AbortController();
  readonly #listening: (() => void)[] = [];

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether it has fired by now. */
  isStopped(): boolean {
    return this.#controller.signal.aborted;
  }

  follow(signal: AbortSignal | undefined): void {
    if (signal === undefined) return;
    const stop = (): void => {
      this.stop(signal.reason);
    };
    if (signal.aborted) stop();
    else this.#listening.push(onAbort(signal, stop));
  }

  /** As {@link follow}, so many milliseconds later. */
  followAfter(signal: AbortSignal, ms: number, clock: Clock): void {
    let cancel: (() => void) | undefined;
    const wait = (): void => {
      cancel = clock.schedule(() => {
        this.stop(signal.reason);
      }, ms);
    };
    if (signal.aborted) wait();
    else this.#listening.push(onAbort(signal, wait));
    this.#listening.push(() => cancel?.());
  }

  stop(reason: unknown): void {
    this.#controller.abort(reason);
  }

  /** Stops listening to the others. */
  release(): void {
    for (const stopListening of this.#listening.splice(0)) stopListening();
  }
}
