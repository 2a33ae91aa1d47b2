import { callerOf } from './caller.mjs';

/** The timers of a test file, those among them that do not keep the process alive. */
export class Timers {
  /** Those that wait, with where they were made. */
  #waiting = new Map();

  /** Watches the timers of `global` from now on. */
  constructor(global) {
    this.#watch(global, 'setTimeout', 'clearTimeout', true);
    this.#watch(global, 'setInterval', 'clearInterval', false);
  }

  /** Those that wait still, in words. */
  found() {
    return [...this.#waiting.values()].map((caller) => `a timer made ${caller()}`);
  }

  #watch(global, schedule, clear, isOnce) {
    const waiting = this.#waiting;
    const { [schedule]: original, [clear]: originalClear } = global;
    const watched = (callback, ...rest) => {
      const run = (...args) => {
        if (isOnce) waiting.delete(timer);
        callback(...args);
      };
      const timer = original(run, ...rest);
      waiting.set(timer, callerOf(watched));
      return timer;
    };
    // What util.promisify looks for, among others.
    Object.defineProperties(watched, Object.getOwnPropertyDescriptors(original));
    global[schedule] = watched;
    global[clear] = (timer) => {
      waiting.delete(timer);
      originalClear(timer);
    };
  }
}
