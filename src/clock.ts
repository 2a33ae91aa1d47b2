/** Time as the package sees it: injected, so that leases, time stamps and waits can be tested without waiting. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls `callback` once after `ms` milliseconds; the returned function calls it off. */
  schedule(callback: () => void, ms: number, options?: ScheduleOptions): () => void;
}

/** What `schedule` takes. */
export interface ScheduleOptions {
  /** Whether the process stays alive for the callback: when somebody awaits it. Default false. */
  readonly keepAlive?: boolean | undefined;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule: (callback, ms, { keepAlive = false } = {}) => {
    const timer = setTimeout(callback, ms);
    if (!keepAlive) timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
