/**
 * Says whether writing is allowed just now and counts the writes, so that a commit can tell whether failed work had
 * already written.
 */
export class WriteScope {
  readonly #refuse: () => Error;
  #open = false;
  #writes = 0;

  /** `refuse` makes the error for a write outside of {@link WriteScope.run}. */
  constructor(refuse: () => Error) {
    this.#refuse = refuse;
  }

  /** Whether a transaction is under way in which writes are allowed. */
  get isOpen(): boolean {
    return this.#open;
  }

  /** The number of writes so far. */
  get writes(): number {
    return this.#writes;
  }

  /** Runs `body`, during which writes are allowed. */
  run(body: () => void): void {
    this.#open = true;
    try {
      body();
    } finally {
      this.#open = false;
    }
  }

  /** To be called before each write. */
  note(): void {
    if (!this.#open) throw this.#refuse();
    this.#writes++;
  }
}
