/** Choices that are the same each time for the same seed. */
export class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  }

  /** From 0 up to `below`. */
  int(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  }

  /** True in so many of a hundred cases. */
  percent(chance: number): boolean {
    return this.int(100) < chance;
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.int(choices.length)]!;
  }

  /** From `least` to `most` of them, in whatever order. */
  some<T>(choices: readonly T[], least: number, most: number): T[] {
    const left = [...choices];
    const count = least + this.int(Math.min(most, left.length) - least + 1);
    return Array.from({ length: count }, () => left.splice(this.int(left.length), 1)[0]!);
  }

  /** So many, which may repeat. */
  many<T>(choices: readonly T[], most: number): T[] {
    return Array.from({ length: this.int(most + 1) }, () => this.of(choices));
  }
}
