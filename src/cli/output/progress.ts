import type { Output } from './output.js';

/** One line on a terminal that is written over as the work goes on; nothing where no person looks. */
export class Progress {
  readonly #err: Output;
  #shown = false;

  constructor(err: Output) {
    this.#err = err;
  }

  async show(text: string): Promise<void> {
    if (!this.#err.isTerminal) return;
    this.#shown = true;
    await this.#err.write(`\r\u001B[K${text}`);
  }

  /** Leaves an empty line to what comes next. */
  async clear(): Promise<void> {
    if (this.#shown) await this.#err.write('\r\u001B[K');
    this.#shown = false;
  }
}
