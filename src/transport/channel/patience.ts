import { filter, firstValueFrom, from, merge, skip } from 'rxjs';
import type { Observable } from 'rxjs';
import { onAbort } from '../../abort-listener.js';
import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';
import { isDustError } from '../../errors.js';
import type { ReadState } from './read-choice.js';

/** How soon a read that did not reach the server is made again, in milliseconds. */
const PAUSE = 1000;

/** What a {@link Patience} is made of. */
export interface PatienceOptions {
  readonly clock: Clock;
  /** As long as a write waits, in milliseconds. */
  readonly writeTimeout: number;
  readonly states$: Observable<ReadState>;
  /** Emits when nothing is waited for any more. */
  readonly closed$: Observable<unknown>;
}

/** Makes reads that writes depend on as patient as the writes are: what does not reach the server is made again. */
export class Patience {
  readonly #options: PatienceOptions;

  constructor(options: PatienceOptions) {
    this.#options = options;
  }

  /** What `read` gives once the server is reached. @throws what it throws when it was reached, or was not for too long */
  async read<T>(read: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const { clock, writeTimeout } = this.#options;
    const end = monotonicOf(clock) + writeTimeout;
    for (;;) {
      try {
        return await read();
      } catch (error) {
        const left = end - monotonicOf(clock);
        if (!wasNotReached(error) || left <= 0) throw error;
        await this.#pause(Math.min(PAUSE, left), signal);
      }
    }
  }

  /** Until the mirror has become live again, or for a while. */
  async #pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const { clock, states$, closed$ } = this.#options;
    let callOff: (() => void)[] = [];
    const waited = new Promise<void>((resolve) => {
      callOff = [clock.schedule(resolve, ms, { keepAlive: true })];
      if (signal !== undefined) callOff.push(onAbort(signal, resolve));
    });
    const becameLive$ = states$.pipe(
      skip(1),
      filter(({ isLive }) => isLive),
    );
    try {
      await firstValueFrom(merge(from(waited), becameLive$, closed$), { defaultValue: undefined });
    } finally {
      for (const each of callOff) each();
    }
  }
}

/** Nothing was answered: the server may be away. */
function wasNotReached(error: unknown): boolean {
  if (isDustError(error, 'timeout')) return true;
  return isDustError(error, 'network') && error.retryable;
}
