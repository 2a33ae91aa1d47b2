/** What differs from run to run and later steps depend on: a server's address, and the token that it made up. */
const VARIES = /127\.0\.0\.1:\d+|dust_tok_[\w-]+/g;

/** The values that a page shows, and what stands for them in this run. */
export class StandIns {
  readonly #actual = new Map<string, string>();

  /** Takes the values of this run from lines that are otherwise those of the page. */
  learn(printed: readonly string[], shown: readonly string[]): void {
    for (const [index, line] of shown.entries()) {
      const actual = printed[index]?.match(VARIES) ?? [];
      for (const [at, value] of (line.match(VARIES) ?? []).entries()) {
        if (actual[at] !== undefined) this.#actual.set(value, actual[at]);
      }
    }
  }

  /** A line of the page with the values of this run. */
  toActual(line: string): string {
    return line.replaceAll(VARIES, (value) => this.#actual.get(value) ?? value);
  }

  /** What was printed, with the values of the page. */
  toShown(line: string): string {
    const shown = new Map([...this.#actual].map(([page, run]) => [run, page]));
    return line.replaceAll(VARIES, (value) => shown.get(value) ?? value);
  }
}
