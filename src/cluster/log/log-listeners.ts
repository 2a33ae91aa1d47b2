/** Who is told that a log may have something new. The same function may listen twice. */
export class LogListeners {
  readonly #listeners = new Set<() => void>();

  /** Returns what ends it. */
  add(listener: () => void): () => void {
    const own = (): void => {
      listener();
    };
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  tell(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Nobody is told any more. */
  clear(): void {
    this.#listeners.clear();
  }
}
