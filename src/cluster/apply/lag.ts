/** Where the log ended at a time. */
interface End {
  readonly position: number;
  /** Milliseconds of a clock that is never set back. */
  readonly at: number;
}

/** How long ago what is applied was all that the log had. */
export class Lag {
  #target: End | undefined;
  #caughtUpAt: number | undefined;

  /** Milliseconds; undefined when that never was. */
  since(now: number): number | undefined {
    return this.#caughtUpAt === undefined ? undefined : now - this.#caughtUpAt;
  }

  /** Whether it is not known where the log ends, or not for so many milliseconds. */
  wantsEnd(now: number, interval: number): boolean {
    if (this.#target !== undefined) return false;
    return this.#caughtUpAt === undefined || now - this.#caughtUpAt >= interval;
  }

  /** The log ended at `position` at the time `at`. */
  noteEnd(position: number, at: number): void {
    this.#target = { position, at };
  }

  /** Everything up to `position` is applied. */
  noteApplied(position: number): void {
    if (this.#target === undefined || position < this.#target.position) return;
    this.#caughtUpAt = this.#target.at;
    this.#target = undefined;
  }
}
