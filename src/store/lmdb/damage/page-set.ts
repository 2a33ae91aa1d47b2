/** A set of page numbers below a bound. */
export class PageSet {
  readonly #bits: Uint8Array;
  #size = 0;

  constructor(bound: number) {
    this.#bits = new Uint8Array(Math.ceil(bound / 8));
  }

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  has(page: number): boolean {
    return ((this.#bits[page >> 3] ?? 0) & (1 << (page & 7))) !== 0;
  }

  /** Adds a page; answers whether it was new. */
  add(page: number): boolean {
    if (this.has(page)) return false;
    const at = page >> 3;
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (page & 7));
    this.#size++;
    return true;
  }
}
