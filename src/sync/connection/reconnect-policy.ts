import type { LinkEnd } from './link.js';

/** What speaks for another attempt soon. */
export interface Urgency {
  /** Milliseconds since a connection stood last. */
  readonly outage: number;
  /** Whether writes wait for the next one. */
  readonly hasWrites: boolean;
}

/** When to connect again. */
export interface ReconnectPolicy {
  /** Milliseconds to wait after a connection that ended so; undefined: never again. */
  delayAfter(end: LinkEnd, urgency?: Urgency): number | undefined;
  /** The next wait is a short one again: as though `attempts` had failed and not more. Default 0. */
  reset(attempts?: number): void;
}

/** What a {@link ReconnectPolicy} is made of. */
export interface ReconnectPolicyOptions {
  readonly backoff: { readonly base: number; readonly max: number };
  readonly random: () => number;
}

const MAX_DOUBLINGS = 30;
/** No wait is longer than this part of the outage so far: what was short stays short. */
const PART_OF_OUTAGE = 1 / 10;
/** But a wait of so many milliseconds is short enough, whatever the outage. */
const SHORT = 1000;
/** The longest wait while writes wait for its end, in milliseconds. */
export const LONGEST_AWAITED = 2000;

/**
 * Exponential backoff with full jitter: each wait is drawn evenly from 0 up to a bound that doubles, and that grows no
 * faster than the outage does. It goes by what the engine wants, to be connected until it is closed or refused, and never
 * by a close code: servers and proxies send a "normal" one when they restart.
 */
export function createReconnectPolicy({ backoff, random }: ReconnectPolicyOptions): ReconnectPolicy {
  let attempts = 0;
  return {
    delayAfter: (end, urgency) => {
      if (end.kind === 'refused') return undefined;
      const bound = Math.min(backoff.max, backoff.base * 2 ** Math.min(attempts, MAX_DOUBLINGS));
      attempts++;
      return random() * Math.min(bound, boundFor(urgency));
    },
    reset: (most = 0) => {
      attempts = Math.min(attempts, most);
    },
  };
}

function boundFor(urgency: Urgency | undefined): number {
  if (urgency === undefined) return Infinity;
  const { outage, hasWrites } = urgency;
  return Math.min(Math.max(SHORT, outage * PART_OF_OUTAGE), hasWrites ? LONGEST_AWAITED : Infinity);
}
