/** How many findings are told one by one; the others are counted. */
const TOLD = 20;

/** What was found, in the order it was: the first ones in words, all of them counted. */
export class Findings {
  readonly #told: string[] = [];
  #count = 0;

  /** All of them. */
  get count(): number {
    return this.#count;
  }

  /** The first {@link TOLD}, each a sentence without its full stop. */
  get told(): readonly string[] {
    return this.#told;
  }

  add(finding: string): void {
    this.#count += 1;
    if (this.#told.length < TOLD) this.#told.push(finding);
  }

  /** The first `most` and how many there are besides; undefined when there are none. */
  summary(most = TOLD): string | undefined {
    if (this.#count === 0) return undefined;
    const told = this.#told.slice(0, most);
    const others = this.#count - told.length;
    return told.join('; ') + (others === 0 ? '' : `; and ${others} more`);
  }
}
