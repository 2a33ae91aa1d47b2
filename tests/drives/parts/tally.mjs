/** Counts what was seen, and which of it broke a promise. */
export class Tally {
  #title;
  #seen = new Map();
  #broken = [];

  constructor(title) {
    this.#title = title;
  }

  saw(what) {
    this.#seen.set(what, (this.#seen.get(what) ?? 0) + 1);
  }

  /** Counts what was seen; it breaks a promise unless it `is` what was promised. */
  expect(what, is) {
    this.saw(what);
    if (!is) this.#broken.push(what);
  }

  /** Prints the counts; whether all promises were kept. */
  report() {
    const counts = [...this.#seen].map(([what, count]) => `${count} × ${what}`).sort();
    console.log(`${this.#title}: ${counts.join(', ')}`);
    for (const what of new Set(this.#broken)) console.log(`  BROKEN: ${what}`);
    return this.#broken.length === 0;
  }
}
