import type { DustError } from '../../errors.js';

/** A copy that takes a snapshot, for those who wait until it may be shown. */
export class Restoring {
  /** Resolves when the copy has taken it. Rejects when that failed for longer than anyone waits. */
  readonly done: Promise<void>;
  #settle: { resolve(): void; reject(error: unknown): void } | undefined;
  #failingSince: number | undefined;

  constructor() {
    this.done = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // Most of the time nobody waits.
    this.done.catch(() => undefined);
  }

  end(): void {
    this.#settle?.resolve();
  }

  fail(error: DustError): void {
    this.#settle?.reject(error);
  }

  /** An attempt failed at `now`, and is made again: nobody waits for more of them after `patience` milliseconds. */
  failed(error: unknown, patience: number, now: number): void {
    this.#failingSince ??= now;
    if (now - this.#failingSince >= patience) this.#settle?.reject(error);
  }
}
