import type { Clock } from '../clock.js';

interface Entry<T> {
  readonly item: T;
  readonly due: number;
  active: boolean;
}

/** How many passed entries may stay at the head before the rest is moved up. */
const MAX_PASSED = 1024;

/** Deadlines all equally long, watched with one timer: they fall due in the order in which they were set. */
export class DeadlineQueue<T> {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #onExpired: (item: T) => void;
  #entries: Entry<T>[] = [];
  #head = 0;
  #active = 0;
  #stop: (() => void) | undefined;

  constructor(clock: Clock, ms: number, onExpired: (item: T) => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#onExpired = onExpired;
  }

  /** Sets a deadline for `item`. Returns what calls it off. */
  add(item: T): () => void {
    const entry = { item, due: this.#clock.now() + this.#ms, active: true };
    this.#entries.push(entry);
    this.#active++;
    if (this.#stop === undefined) this.#schedule(entry.due);
    return () => {
      this.#cancel(entry);
    };
  }

  /** Calls all deadlines off. */
  clear(): void {
    for (const entry of this.#entries) entry.active = false;
    this.#entries = [];
    this.#head = 0;
    this.#active = 0;
    this.#stop?.();
    this.#stop = undefined;
  }

  #cancel(entry: Entry<T>): void {
    if (!entry.active) return;
    entry.active = false;
    this.#active--;
    if (this.#active === 0) this.clear();
    else this.#trim();
  }

  #trim(): void {
    while (this.#entries[this.#head]?.active === false) this.#head++;
    if (this.#head <= MAX_PASSED || this.#head * 2 < this.#entries.length) return;
    this.#entries = this.#entries.slice(this.#head);
    this.#head = 0;
  }

  #schedule(due: number): void {
    // Somebody awaits what has a deadline, so the process stays for it.
    this.#stop = this.#clock.schedule(
      () => {
        this.#expire();
      },
      Math.max(0, due - this.#clock.now()),
      { keepAlive: true },
    );
  }

  #expire(): void {
    this.#stop = undefined;
    const now = this.#clock.now();
    const expired: T[] = [];
    this.#trim();
    for (let first = this.#entries[this.#head]; first !== undefined && first.due <= now;) {
      first.active = false;
      this.#active--;
      expired.push(first.item);
      this.#trim();
      first = this.#entries[this.#head];
    }
    const next = this.#entries[this.#head];
    if (next === undefined) this.clear();
    else this.#schedule(next.due);
    for (const item of expired) this.#onExpired(item);
  }
}
