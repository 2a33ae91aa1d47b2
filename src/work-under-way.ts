/** What was begun and is not done. */
export class WorkUnderWay {
  readonly #pieces = new Set<Promise<unknown>>();

  /** The work, which counts until it has succeeded or failed, and is held no longer. */
  track<T>(work: Promise<T>): Promise<T> {
    const forget = (): void => {
      this.#pieces.delete(work);
    };
    this.#pieces.add(work);
    work.then(forget, forget);
    return work;
  }

  /** Resolves when all that is under way now is done; undefined when nothing is. Never rejects. */
  all(): Promise<unknown> | undefined {
    return this.#pieces.size === 0 ? undefined : Promise.allSettled([...this.#pieces]);
  }
}
