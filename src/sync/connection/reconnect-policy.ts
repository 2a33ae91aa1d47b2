import type { LinkEnd } from './link.js';

/** When to connect again. */
export interface ReconnectPolicy {
  /** Milliseconds to wait after a connection that ended so; undefined: never again. */
  delayAfter(end: LinkEnd): number | undefined;
  /** The last connection proved stable: the next wait is a short one again. */
  reset(): void;
}

/** What a {@link ReconnectPolicy} is made of. */
export interface ReconnectPolicyOptions {
  readonly backoff: { readonly base: number; readonly max: number };
  readonly random: () => number;
}

const MAX_DOUBLINGS = 30;

/**
 * Exponential backoff with full jitter: each wait is drawn evenly from 0 up to a bound that doubles. It goes by what
 * the engine wants, to be connected until it is closed or refused, and never by a close code: servers and proxies send
 * a "normal" one when they restart.
 */
export function createReconnectPolicy({ backoff, random }: ReconnectPolicyOptions): ReconnectPolicy {
  let attempts = 0;
  return {
    delayAfter: (end) => {
      if (end.kind === 'refused') return undefined;
      const bound = Math.min(backoff.max, backoff.base * 2 ** Math.min(attempts, MAX_DOUBLINGS));
      attempts++;
      return random() * bound;
    },
    reset: () => {
      attempts = 0;
    },
  };
}
