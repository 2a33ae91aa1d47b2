const CAPACITY = 1000;

/**
 * Remembers what has been said, so that it is said once. Keeps the last 1000 keys: one that was forgotten may be said
 * again, which costs a line in a log; memory that grows with the data would cost more.
 */
export class Once {
  readonly #seen = new Set<string>();

  /** Whether this is the first time for `key`. */
  first(key: string): boolean {
    if (this.#seen.has(key)) return false;
    for (const oldest of this.#seen) {
      if (this.#seen.size < CAPACITY) break;
      this.#seen.delete(oldest);
    }
    this.#seen.add(key);
    return true;
  }
}
