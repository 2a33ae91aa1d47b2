import type { Clock } from '../../clock.js';
import { monotonicOf } from '../../clock.js';

interface Deadline<T> {
  item: T | undefined;
  readonly due: number;
}

/** Deadlines all equally long, watched with one timer: they fall due in the order in which they were set. */
export class DeadlineQueue<T> {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #onExpired: (item: T) => void;
  /** In that order. Lets go of what is called off at once: there may be thousands in the time of one deadline. */
  readonly #deadlines = new Set<Deadline<T>>();
  #stop: (() => void) | undefined;
  /** When time began to stand still. */
  #stoodStillAt: number | undefined;
  /** For how long it has stood still before. */
  #standstills = 0;

  constructor(clock: Clock, ms: number, onExpired: (item: T) => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#onExpired = onExpired;
  }

  /** Sets a deadline for `item`. Returns what calls it off. */
  add(item: T): () => void {
    const deadline: Deadline<T> = { item, due: this.#now() + this.#ms };
    this.#deadlines.add(deadline);
    if (this.#stop === undefined) this.#schedule(deadline.due);
    return () => {
      deadline.item = undefined;
      if (this.#deadlines.delete(deadline) && this.#deadlines.size === 0) this.clear();
    };
  }

  /** Calls all deadlines off. */
  clear(): void {
    this.#deadlines.clear();
    this.#stop?.();
    this.#stop = undefined;
  }

  /** No time passes for any of them until {@link resume}. */
  suspend(): void {
    this.#stoodStillAt ??= monotonicOf(this.#clock);
    this.#stop?.();
    this.#stop = undefined;
  }

  /** Time passes again. */
  resume(): void {
    if (this.#stoodStillAt === undefined) return;
    this.#standstills += monotonicOf(this.#clock) - this.#stoodStillAt;
    this.#stoodStillAt = undefined;
    const [first] = this.#deadlines;
    if (first !== undefined) this.#schedule(first.due);
  }

  /** Milliseconds in which time passed for deadlines. */
  #now(): number {
    return (this.#stoodStillAt ?? monotonicOf(this.#clock)) - this.#standstills;
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

  #expire(): void {
    this.#stop = undefined;
    const now = this.#now();
    const expired: T[] = [];
    for (const deadline of this.#deadlines) {
      if (deadline.due > now) {
        this.#schedule(deadline.due);
        break;
      }
      this.#deadlines.delete(deadline);
      if (deadline.item !== undefined) expired.push(deadline.item);
    }
    for (const item of expired) this.#onExpired(item);
  }
}
