import type { Output } from './output.js';
import { shownText } from './shown-text.js';

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
    await this.#err.write(`\r\u001B[K${fitting(shownText(text), this.#err.columns)}`);
  }

  /** Leaves an empty line to what comes next. */
  async clear(): Promise<void> {
    if (this.#shown) await this.#err.write('\r\u001B[K');
    this.#shown = false;
  }
}

/** So much of the text as one line takes, without its last column, behind which some terminals begin a new one. The figures are at its end. */
function fitting(text: string, columns: number | undefined): string {
  const characters = Array.from(text);
  if (columns === undefined || characters.length < columns) return text;
  const kept = columns - 2;
  return kept <= 0 ? '' : `…${characters.slice(-kept).join('')}`;
}
