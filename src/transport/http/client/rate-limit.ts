/** What an answer says about the caller's rate limit (PROTOCOL §3). Absent where it says nothing. */
export interface RateLimit {
  /** Requests left until the reset. */
  readonly remaining?: number | undefined;
  /** Seconds until the full number is back. */
  readonly resetAfter?: number | undefined;
  /** Seconds the server wants to be left alone. */
  readonly retryAfter?: number | undefined;
}

/** From here on a number of seconds is a date rather than a duration. */
const EPOCH_SECONDS = 1e9;
const EPOCH_MILLISECONDS = 1e12;

/**
 * Reads `Retry-After` and `X-RateLimit-Remaining/-Reset`. Dates are measured against the answer's own `Date`, because the
 * server's clock and this machine's need not agree; without one against `now`, milliseconds since the epoch.
 */
export function readRateLimit(headers: ReadonlyMap<string, string>, now: number): RateLimit {
  const serverNow = dateOf(headers.get('date')) ?? now;
  return {
    remaining: numberOf(headers.get('x-ratelimit-remaining')),
    resetAfter: secondsUntil(headers.get('x-ratelimit-reset'), serverNow),
    retryAfter: secondsUntil(headers.get('retry-after'), serverNow),
  };
}

/** The seconds that a refused caller should wait: `Retry-After`, else until the reset; undefined when nobody knows. */
export function secondsToWait({ retryAfter, resetAfter }: RateLimit): number | undefined {
  return retryAfter ?? resetAfter;
}

function secondsUntil(header: string | undefined, now: number): number | undefined {
  const number = numberOf(header);
  if (number === undefined) {
    const date = dateOf(header);
    return date === undefined ? undefined : until(date, now);
  }
  if (number > EPOCH_MILLISECONDS) return until(number, now);
  return number > EPOCH_SECONDS ? until(number * 1000, now) : number;
}

function until(date: number, now: number): number {
  return Math.max(0, (date - now) / 1000);
}

function numberOf(header: string | undefined): number | undefined {
  return header !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(header) ? Number(header) : undefined;
}

/** An HTTP date begins with its weekday; what else the platform takes for a date is none. */
function dateOf(header: string | undefined): number | undefined {
  const date = header !== undefined && /^\s*[a-z]/i.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : date;
}
