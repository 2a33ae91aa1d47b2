import { assertNotAborted, onAbort } from '../../abort-listener.js';
import type { Clock } from '../../clock.js';
import { DustError, isDustError } from '../../errors.js';
import type { OptionNames } from '../../options/index.js';
import { COUNT, checkOptionValues } from '../../options/index.js';
import { detailsOf } from '../prepare/write-errors.js';
import { checkNames } from '../requests/write-options.js';

/** How often a change is made anew that other writers were faster with, and until when. */
export interface ConflictRetryOptions {
  /** How often it is tried in all, the first time included. Default 10. */
  readonly attempts?: number;
  /** Calls it off before the next attempt; it then rejects with `aborted`. What an attempt has sent stays. */
  readonly signal?: AbortSignal;
}

const OPTIONS: OptionNames<ConflictRetryOptions> = { attempts: true, signal: true };

const ATTEMPTS = 10;

/** Milliseconds: the bound of the first wait, which doubles, and the bound of all. */
const FIRST_WAIT = 20;
const LONGEST_WAIT = 1_000;

/**
 * What `work` comes to, which is called again while it fails with `conflict` and has written nothing.
 *
 * @param random draws from 0 up to 1, so that writers that met once do not meet again
 * @throws DustError `invalid_options`, `aborted`; `conflict` that says how often it was tried; all else that `work` throws
 */
export async function retryOnConflict<T>(
  work: (attempt: number) => T | Promise<T>,
  options: ConflictRetryOptions,
  clock: Clock,
  random: () => number = Math.random,
): Promise<T> {
  checkNames('retryOnConflict', options, OPTIONS);
  checkOptionValues('retryOnConflict', options, { attempts: COUNT });
  const { attempts = ATTEMPTS, signal } = options;
  for (let attempt = 1; ; attempt += 1) {
    assertNotAborted(signal);
    try {
      return await work(attempt);
    } catch (error) {
      if (!isCleanConflict(error)) throw error;
      if (attempt >= attempts) throw outrun(attempts, error);
    }
    // Called off while it was under way: nobody waits for the next attempt.
    assertNotAborted(signal);
    await elapsed(random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1)), clock, signal);
  }
}

/** Whether another writer was faster and nothing is written: what has landed in part must not be made twice. */
function isCleanConflict(error: unknown): error is DustError {
  return isDustError(error, 'conflict') && !('landed' in error);
}

function outrun(attempts: number, last: DustError): DustError {
  const times = attempts === 1 ? 'once' : `${attempts} times`;
  return new DustError(
    'conflict',
    `retryOnConflict tried ${times}, and another writer was faster each time. The last time: ${last.message}`,
    { ...detailsOf(last), retryable: true, cause: last },
  );
}

/** Resolves after that time, or as soon as `signal` is aborted. The process stays alive for it. */
export function elapsed(ms: number, clock: Clock, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      cancel();
      stopListening();
      resolve();
    };
    const cancel = clock.schedule(wake, ms, { keepAlive: true });
    const stopListening = onAbort(signal, wake);
  });
}
