/** What was begun and is not done. */
export class WorkUnderWay {
  readonly #pieces = new Set<Promise<void>>();

  /** The work, which counts until it has succeeded or failed. */
  track<T>(work: Promise<T>): Promise<T> {
    const done = work.then(ignore, ignore).finally(() => this.#pieces.delete(done));
    this.#pieces.add(done);
    return work;
  }

  /** Resolves when all that is under way now is done; undefined when nothing is. Never rejects. */
  all(): Promise<unknown> | undefined {
    return this.#pieces.size === 0 ? undefined : Promise.all(this.#pieces);
  }
}

function ignore(): void {
  // Whoever began it hears of it.
}
