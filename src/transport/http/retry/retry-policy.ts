import type { RetryOptions } from '../options.js';

/** Retry options with nothing left open: milliseconds for the delays, seconds for `maxRetryAfter`. */
export type RetryPolicy = { readonly [Name in keyof RetryOptions]-?: number };

/** The options with their defaults filled in. */
export function resolveRetry({ attempts, baseDelay, maxDelay, maxRetryAfter }: RetryOptions): RetryPolicy {
  return {
    attempts: attempts ?? 5,
    baseDelay: baseDelay ?? 200,
    maxDelay: maxDelay ?? 30_000,
    maxRetryAfter: maxRetryAfter ?? 300,
  };
}

/**
 * Milliseconds to wait after the failed attempt number `attempt`, from 1: full jitter over a range that doubles, so that
 * clients that failed together do not come back together. `random` draws from 0 up to 1.
 */
export function backoff({ baseDelay, maxDelay }: RetryPolicy, attempt: number, random: () => number): number {
  return random() * Math.min(maxDelay, baseDelay * 2 ** (attempt - 1));
}
