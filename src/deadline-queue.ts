import type { Clock } from './clock.js';
import { monotonicOf } from './clock.js';
import { TransientMap } from './transient-map.js';

interface Deadline<T> {
  readonly number: number;
  readonly item: T;
  due: number;
}

/** Deadlines all equally long, watched with one timer: they fall due in the order in which they were set. */
export class DeadlineQueue<T> {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #onExpired: (item: T) => void;
  /** In that order, by their numbers. There may be thousands in the time of one deadline. */
  readonly #deadlines = new TransientMap<number, Deadline<T>>();
  #nextNumber = 1;
  #stop: (() => void) | undefined;
  /** When time began to stand still. */
  #stoodStillAt: number | undefined;

  constructor(clock: Clock, ms: number, onExpired: (item: T) => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#onExpired = onExpired;
  }

  /** Sets a deadline for `item`. Returns what calls it off. */
  add(item: T): () => void {
    const number = this.#nextNumber++;
    const due = this.#now() + this.#ms;
    this.#deadlines.set(number, { number, item, due });
    if (this.#stop === undefined) this.#schedule(due);
    return () => {
      if (this.#deadlines.delete(number) && this.#deadlines.size === 0) this.clear();
    };
  }

  /** Calls all deadlines off. */
  clear(): void {
    this.#deadlines.clear();
    this.#stopTimer();
  }

  /** No time passes for any of them until {@link resume}. */
  suspend(): void {
    this.#stoodStillAt ??= monotonicOf(this.#clock);
    this.#stopTimer();
  }

  /** Time passes again. */
  resume(): void {
    if (this.#stoodStillAt === undefined) return;
    const standstill = monotonicOf(this.#clock) - this.#stoodStillAt;
    this.#stoodStillAt = undefined;
    for (const deadline of this.#deadlines.values()) deadline.due += standstill;
    const [first] = this.#deadlines.values();
    if (first !== undefined) this.#schedule(first.due);
  }

  /** What time it is for deadlines. */
  #now(): number {
    return this.#stoodStillAt ?? monotonicOf(this.#clock);
  }

  #schedule(due: number): void {
    if (this.#stoodStillAt !== undefined) return;
    // Somebody awaits what has a deadline, so the process stays for it.
    this.#stop = this.#clock.schedule(
      () => {
        this.#expire();
      },
      Math.max(0, due - this.#now()),
      { keepAlive: true },
    );
  }

  #stopTimer(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  #expire(): void {
    this.#stop = undefined;
    const now = this.#now();
    const expired: T[] = [];
    for (const { number, item, due } of this.#deadlines.values()) {
      if (due > now) {
        this.#schedule(due);
        break;
      }
      this.#deadlines.delete(number);
      expired.push(item);
    }
    for (const item of expired) this.#onExpired(item);
  }
}
