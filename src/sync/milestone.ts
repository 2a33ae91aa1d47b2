/** Something that is reached once, or missed for good. */
export class Milestone {
  /** Resolves when it is reached, rejects when it is missed. */
  readonly reached: Promise<void>;
  #resolve: () => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  constructor() {
    this.reached = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // It may be missed while nobody waits for it.
    this.reached.catch(() => undefined);
  }

  reach(): void {
    this.#resolve();
  }

  /** No effect when it has been reached. */
  miss(error: Error): void {
    this.#reject(error);
  }
}
