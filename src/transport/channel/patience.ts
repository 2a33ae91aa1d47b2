import { filter, firstValueFrom, from, merge, skip } from 'rxjs';
import type { Observable } from 'rxjs';
import { onAbort } from '../../abort-listener.js';
import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';
import { isDustError } from '../../errors.js';
import { wasNotCarriedOut } from '../not-carried-out.js';
import type { ReadState } from './read-choice.js';

/** How soon a read that did not reach the server is made again, in milliseconds. */
const PAUSE = 1000;
/** The window of a rate limit: servers of version 0.1 always say so much, whatever is left of it (PROTOCOL §8). Milliseconds. */
const RATE_WINDOW = 60_000;
/** How soon a read asks again where the server does not say what is left of it, in milliseconds. */
const PROBE_INTERVAL = 5000;

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

  /**
   * What `read` gives once the server is reached. @throws what it throws when it was reached, or was not for too long; the wait
   * for a rate limit is not counted
   */
  async read<T>(read: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const { clock, writeTimeout } = this.#options;
    let end = monotonicOf(clock) + writeTimeout;
    const last = end + RATE_WINDOW;
    for (;;) {
      try {
        return await read();
      } catch (error) {
        const forLimit = waitForLimit(error);
        end = Math.min(end + (forLimit ?? 0), last);
        const left = end - monotonicOf(clock);
        if ((forLimit === undefined && !wasNotReached(error)) || left <= 0) throw error;
        await this.#pauseUnlessAborted(Math.min(forLimit ?? PAUSE, left), signal);
      }
    }
  }

  /** Until the server may be there again: `ms` milliseconds, or until the mirror has become live or `ended` resolves. */
  async pause(ms: number | undefined, ended: Promise<void>): Promise<void> {
    const { clock, states$, closed$ } = this.#options;
    let callOff: (() => void) | undefined;
    const waited = new Promise<void>((resolve) => {
      callOff = clock.schedule(resolve, ms ?? PAUSE, { keepAlive: true });
    });
    const becameLive$ = states$.pipe(
      skip(1),
      filter(({ isLive }) => isLive),
    );
    try {
      await firstValueFrom(merge(from(waited), from(ended), becameLive$, closed$), {
        defaultValue: undefined,
      });
    } finally {
      callOff?.();
    }
  }

  async #pauseUnlessAborted(ms: number, signal: AbortSignal | undefined): Promise<void> {
    let stopListening: (() => void) | undefined;
    const aborted = new Promise<void>((resolve) => {
      stopListening = onAbort(signal, resolve);
    });
    try {
      await this.pause(ms, aborted);
    } finally {
      stopListening?.();
    }
  }
}

/** Nothing was answered: the server may be away. */
function wasNotReached(error: unknown): boolean {
  if (isDustError(error, 'timeout')) return true;
  return isDustError(error, 'network') && error.retryable;
}

/** How long a read waits that a rate limit refused, in milliseconds; undefined for any other error. */
function waitForLimit(error: unknown): number | undefined {
  if (!wasNotCarriedOut(error) || error.kind !== 'rate_limited') return undefined;
  const asked = (error.retryAfter ?? 1) * 1000;
  return asked < RATE_WINDOW ? asked : PROBE_INTERVAL;
}
