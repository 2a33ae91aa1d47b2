/** Time as the package sees it: injected, so that leases, time stamps and waits can be tested without waiting. */
export interface Clock {
  /** Milliseconds since the Unix epoch. May be set forth and back meanwhile, as the machine's is. */
  now(): number;
  /**
   * Milliseconds since some moment: never goes back, whatever is done to the time of day. What durations are measured by.
   * Default for a clock without it: `now`.
   */
  monotonic?(): number;
  /** Calls `callback` once after `ms` milliseconds; the returned function calls it off. */
  schedule(callback: () => void, ms: number, options?: ScheduleOptions): () => void;
}

/** What `schedule` takes. */
export interface ScheduleOptions {
  /** Whether the process stays alive for the callback: when somebody awaits it. Default false. */
  readonly keepAlive?: boolean | undefined;
}

/** The longest wait that the platform's timers keep, in milliseconds: a longer one becomes one of a millisecond. */
export const MAX_DELAY = 2 ** 31 - 1;

const timeOfDay: Clock = {
  now: () => Date.now(),
  schedule: (callback, ms, { keepAlive = false } = {}) => {
    const timer = setTimeout(callback, ms);
    if (!keepAlive) timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};

/** The machine's clock. A copy with another `now`, `{ ...systemClock, now }`, measures durations by that one, too. */
export const systemClock: Clock = Object.defineProperty({ ...timeOfDay }, 'monotonic', {
  value: () => performance.now(),
  enumerable: false,
});

/** What durations are measured by: the difference of two readings is the milliseconds between them. */
export function monotonicOf(clock: Clock): number {
  return clock.monotonic?.() ?? clock.now();
}

/**
 * Whole milliseconds of a time of day that never goes back: it follows a clock that is set forth, and goes on by itself when that is set back.
 *
 * @param since the earliest it may begin with
 */
export function steadyTime(clock: Clock, since = 0): () => number {
  let reached = Math.max(since, clock.now());
  let seen = monotonicOf(clock);
  return () => {
    const moment = monotonicOf(clock);
    reached = Math.max(reached + Math.max(0, moment - seen), clock.now());
    seen = moment;
    return Math.floor(reached);
  };
}
