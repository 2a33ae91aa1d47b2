import type { Clock } from '../../clock.js';
import { invalidOption } from '../errors.js';
import type { RateLimits } from '../options.js';

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
  /** Seconds until then, at least 1. */
  readonly retryAfter: number;
}

interface Window {
  readonly endsAt: number;
  readonly used: Record<RequestKind, number>;
}

const WINDOW = 60_000;
const DEFAULTS = { reads: 1000, writes: 100 };

/**
 * Counts the requests of each token, over HTTP and channel together. A token's minute begins with its first request
 * after the last one ended.
 */
export class RateLimiter {
  readonly #limits: Readonly<Record<RequestKind, number>> | undefined;
  readonly #clock: Clock;
  readonly #windows = new WeakMap<object, Window>();

  /** @param limits `false` counts nothing @throws DustError `invalid_options` */
  constructor(limits: RateLimits | false | undefined, clock: Clock) {
    this.#limits = limits === false ? undefined : checkedLimits(limits ?? {});
    this.#clock = clock;
  }

  /** Counts one request of whoever `owner` stands for; undefined when nothing is limited. */
  take(owner: object, kind: RequestKind): Allowance | undefined {
    if (this.#limits === undefined) return undefined;
    const limit = this.#limits[kind];
    const now = this.#clock.now();
    const { used, endsAt } = this.#windowOf(owner, now);
    const allowed = used[kind] < limit;
    if (allowed) used[kind] += 1;
    const retryAfter = Math.max(1, Math.ceil((endsAt - now) / 1000));
    return { allowed, limit, remaining: limit - used[kind], resetsAt: endsAt, retryAfter };
  }

  #windowOf(owner: object, now: number): Window {
    const current = this.#windows.get(owner);
    // A clock that was set back must not lock anyone out.
    if (current !== undefined && now < current.endsAt && current.endsAt - now <= WINDOW) return current;
    const fresh = { endsAt: now + WINDOW, used: { reads: 0, writes: 0 } };
    this.#windows.set(owner, fresh);
    return fresh;
  }
}

function checkedLimits(limits: RateLimits): Record<RequestKind, number> {
  return { reads: checkedLimit('reads', limits.reads), writes: checkedLimit('writes', limits.writes) };
}

function checkedLimit(kind: RequestKind, limit: number = DEFAULTS[kind]): number {
  if (Number.isSafeInteger(limit) && limit > 0) return limit;
  throw invalidOption(
    `rateLimits.${kind} is a number of requests a minute, 1 or more, not ${String(limit)}.`,
  );
}
