/** Looks at what several metrics tell of: once for all of them, and anew after {@link forget}. */
export class Looks {
  readonly #seen = new Map<() => unknown, unknown>();

  /** A function that looks when it is first called, and then has what there was to see. */
  once<T>(look: () => T): () => T {
    return () => {
      if (!this.#seen.has(look)) this.#seen.set(look, look());
      return this.#seen.get(look) as T;
    };
  }

  /** What is asked for next is looked at again. */
  forget(): void {
    this.#seen.clear();
  }
}
