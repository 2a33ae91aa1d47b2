/** Stops those who work while somebody measures. */
export class Gate {
  readonly #workers: number;
  #isShut = false;
  #waiting: (() => void)[] = [];
  #onAllWait: (() => void) | undefined;
  #gone = 0;

  /** @param workers how many pass again and again */
  constructor(workers: number) {
    this.#workers = workers;
  }

  get isShut(): boolean {
    return this.#isShut;
  }

  /** Resolves at once while the gate is open, else when it is opened again. */
  pass(): Promise<void> {
    if (!this.#isShut) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#look();
    });
  }

  /** A worker comes no more. */
  leave(): void {
    this.#gone += 1;
    this.#look();
  }

  /** Resolves when all workers wait. */
  shut(): Promise<void> {
    this.#isShut = true;
    return new Promise((resolve) => {
      this.#onAllWait = resolve;
      this.#look();
    });
  }

  open(): void {
    this.#isShut = false;
    for (const go of this.#waiting.splice(0)) go();
  }

  #look(): void {
    if (this.#waiting.length + this.#gone >= this.#workers) this.#onAllWait?.();
  }
}
