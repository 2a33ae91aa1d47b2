/** What may wait at once: so many, and so many bytes together. */
export interface Bound {
  readonly count: number;
  readonly bytes: number;
}

/**
 * Counts what waits between two that go at paces of their own, in number and in bytes, and says when there is no room for
 * more. Every queue with another peer at one end has one.
 */
export class Budget {
  readonly bound: Bound;
  #count = 0;
  #bytes = 0;

  constructor(bound: Bound) {
    this.bound = bound;
  }

  /** How many wait. */
  get count(): number {
    return this.#count;
  }

  /** How many bytes wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether one more of `bytes` has room. */
  hasRoomFor(bytes: number): boolean {
    return this.#count < this.bound.count && this.#bytes + bytes <= this.bound.bytes;
  }

  /** Takes the room for one of `bytes`. False, and nothing taken, when there is none. */
  take(bytes: number): boolean {
    if (!this.hasRoomFor(bytes)) return false;
    this.#count++;
    this.#bytes += bytes;
    return true;
  }

  /** Gives back the room of one of `bytes` that was taken before. */
  give(bytes: number): void {
    this.#count--;
    this.#bytes -= bytes;
  }

  /** Gives back the room of all. */
  clear(): void {
    this.#count = 0;
    this.#bytes = 0;
  }

  /** Whether more than `share` of the room is taken, in number or in bytes. */
  isFilledBeyond(share: number): boolean {
    return this.#count > this.bound.count * share || this.#bytes > this.bound.bytes * share;
  }
}
