import { systemClock } from '../../../clock.js';
import { onAbort } from '../../../abort-listener.js';

/** Why a request was ended from this side. */
export type CutoffReason = 'aborted' | 'closed' | 'token_timeout' | 'connect_timeout' | 'response_timeout';

/** Ends one request from this side: on the caller's signal, on `close`, or when time is up. The first reason counts. */
export class Cutoff {
  readonly #controller = new AbortController();
  readonly #stopListening: () => void;
  #reason: CutoffReason | undefined;
  #stopTimer: (() => void) | undefined;
  #released = false;

  constructor(caller: AbortSignal | undefined) {
    this.#stopListening = onAbort(caller, () => {
      this.end('aborted');
    });
    if (caller?.aborted === true) this.end('aborted');
  }

  /** Aborts when the request is to end. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Why the request was ended; undefined while it was not. */
  get reason(): CutoffReason | undefined {
    return this.#reason;
  }

  end(reason: CutoffReason): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.stopTimer();
    this.#controller.abort();
  }

  /** Ends the request in `ms` milliseconds, instead of when it was to end before. Sockets go by the machine's time. */
  endIn(ms: number, reason: CutoffReason): void {
    this.stopTimer();
    if (this.#released || this.#reason !== undefined) return;
    this.#stopTimer = systemClock.schedule(() => {
      this.end(reason);
    }, ms);
  }

  stopTimer(): void {
    this.#stopTimer?.();
  }

  /** The request is over: nothing can end it any more. */
  release(): void {
    this.#released = true;
    this.stopTimer();
    this.#stopListening();
  }
}
