import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';
import type { Limits } from './limits.js';
import { WINDOW } from './limits.js';

/** What a request counts as (PROTOCOL §3). */
export type RequestKind = 'reads' | 'writes';

/** How a token stands after one request. */
export interface Allowance {
  readonly allowed: boolean;
  readonly limit: number;
  /** Requests left until the reset. */
  readonly remaining: number;
  /** When the count starts again, in milliseconds since the Unix epoch. */
  readonly resetsAt: number;
  /** Milliseconds until then, at least 1. */
  readonly retryAfter: number;
}

interface Window {
  /** As durations are measured. */
  readonly endsAt: number;
  readonly used: Record<RequestKind, number>;
}

/**
 * Counts the requests of each token, over HTTP and channel together. A token's minute begins with its first request
 * after the last one ended, and lasts a minute whatever is done to the time of day.
 */
export class RateLimiter {
  readonly #limits: Limits;
  readonly #clock: Clock;
  readonly #windows = new WeakMap<object, Window>();
  /** How many were refused so far. */
  readonly refusals: Record<RequestKind, number> = { reads: 0, writes: 0 };

  constructor(limits: Limits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Counts one request of whoever `owner` stands for; undefined when nothing is limited. */
  take(owner: object, kind: RequestKind): Allowance | undefined {
    const limit = this.#limits.of(kind);
    if (limit === undefined) return undefined;
    const moment = monotonicOf(this.#clock);
    const { used, endsAt } = this.#windowOf(owner, moment);
    const allowed = used[kind] < limit;
    if (allowed) used[kind] += 1;
    else this.refusals[kind] += 1;
    const left = endsAt - moment;
    return {
      allowed,
      limit,
      remaining: limit - used[kind],
      resetsAt: this.#clock.now() + left,
      retryAfter: Math.max(1, Math.ceil(left)),
    };
  }

  #windowOf(owner: object, moment: number): Window {
    const current = this.#windows.get(owner);
    if (current !== undefined && isOpen(current.endsAt, moment)) return current;
    const fresh = { endsAt: moment + WINDOW, used: { reads: 0, writes: 0 } };
    this.#windows.set(owner, fresh);
    return fresh;
  }
}

/** Whether a window goes on. A clock that knows no other time than that of day must lock nobody out when it is set back. */
export function isOpen(endsAt: number, moment: number): boolean {
  return moment < endsAt && endsAt - moment <= WINDOW;
}
