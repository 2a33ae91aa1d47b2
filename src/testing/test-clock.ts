import { setImmediate as settled } from 'node:timers/promises';
import type { Clock } from '../clock.js';
import { clockCannotGoBack, clockWithoutStart } from './errors.js';

/** How often `advance` waits for work that was begun by what it waited for: a program that asks without a pause never ends. */
const MAX_ROUNDS = 1000;

/** What is under way, until it is done; undefined when nothing is. */
export type Following = () => Promise<unknown> | undefined;

interface Timer {
  readonly due: number;
  readonly callback: () => void;
}

/**
 * A clock that stands still until it is told to move on. Passed to a data source it decides over leases, time stamps
 * and waits, so that a test of an expired lease takes no time.
 */
export class TestClock implements Clock {
  /** In the order they fall due; those due at the same moment in the order they were scheduled. */
  readonly #timers: Timer[] = [];
  readonly #following = new Set<Following>();
  #now: number;

  /**
   * Starts at `start`: a Date or milliseconds since the Unix epoch. Default 2026-01-01T00:00:00Z.
   *
   * @throws DustError `invalid_options` for anything else
   */
  constructor(start: Date | number = Date.UTC(2026, 0, 1)) {
    const given: unknown = start;
    const now = given instanceof Date || typeof given === 'number' ? Number(given) : NaN;
    if (!Number.isFinite(now)) throw clockWithoutStart(given);
    this.#now = now;
  }

  /** Milliseconds since the Unix epoch. */
  now(): number {
    return this.#now;
  }

  /** The same: this clock is never set back. */
  monotonic(): number {
    return this.now();
  }

  /** The number of callbacks that wait for their time. */
  get pending(): number {
    return this.#timers.length;
  }

  /**
   * Calls `callback` once, when the clock has been moved on by `ms` milliseconds.
   *
   * @returns a function that calls it off
   */
  schedule(callback: () => void, ms: number): () => void {
    const timer: Timer = { due: this.#now + Math.max(0, ms), callback };
    const later = this.#timers.findIndex((other) => other.due > timer.due);
    this.#timers.splice(later === -1 ? this.#timers.length : later, 0, timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index !== -1) this.#timers.splice(index, 1);
    };
  }

  /**
   * Moves time on by `ms` milliseconds and runs what falls due on the way, each callback at its own time and in order.
   * Before the first and after each, promises get to settle: what was begun before is under way by then, and a
   * renewal that schedules the next renewal stays in step. Requests to the server of a data source that is `like` one are
   * answered meanwhile. Resolves when all of it is done.
   *
   * @throws DustError `invalid_params` when `ms` is negative or not a number
   */
  async advance(ms: number): Promise<void> {
    if (typeof (ms as unknown) !== 'number' || !(ms >= 0)) throw clockCannotGoBack(ms);
    const end = this.#now + ms;
    await this.#settle();
    for (let timer = this.#takeDue(end); timer !== undefined; timer = this.#takeDue(end)) {
      this.#now = Math.max(this.#now, timer.due);
      timer.callback();
      await this.#settle();
    }
    this.#now = Math.max(this.#now, end);
  }

  /**
   * Time moves on only when `following` has nothing under way: for what takes longer than promises do.
   *
   * @returns what ends it
   * @internal
   */
  follow(following: Following): () => void {
    this.#following.add(following);
    return () => {
      this.#following.delete(following);
    };
  }

  async #settle(): Promise<void> {
    await settled();
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const underWay = [...this.#following].flatMap((following) => following() ?? []);
      if (underWay.length === 0) return;
      await Promise.all(underWay);
      await settled();
    }
  }

  #takeDue(end: number): Timer | undefined {
    const [first] = this.#timers;
    return first !== undefined && first.due <= end ? this.#timers.shift() : undefined;
  }
}
