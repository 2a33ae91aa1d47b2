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
    this.takeAnyway(bytes);
    return true;
  }

  /** As {@link take}, but one that is alone has room whatever its length. */
  takeOrAlone(bytes: number): boolean {
    if (this.#count > 0) return this.take(bytes);
    this.takeAnyway(bytes);
    return true;
  }

  /** Takes the room for one of `bytes` that is there already, whether there is room or not. */
  takeAnyway(bytes: number): void {
    this.#count++;
    this.#bytes += bytes;
  }

  /** Gives back the room of one, or `count`, of `bytes` together that was taken before. */
  give(bytes: number, count = 1): void {
    this.#count -= count;
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

/** What one of many has taken of a budget, so that all of it can be given back when that one goes. */
export class Share {
  readonly #whole: Budget;
  #count = 0;
  #bytes = 0;
  #isReleased = false;

  constructor(whole: Budget) {
    this.#whole = whole;
  }

  /** How many bytes it has taken. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes the room for one of `bytes`. False, and nothing taken, when the budget has none, or after {@link release}. */
  take(bytes: number): boolean {
    if (this.#isReleased || !this.#whole.take(bytes)) return false;
    this.#count++;
    this.#bytes += bytes;
    return true;
  }

  /** Gives back the room of one of `bytes`; what was given back by {@link release} is not given back again. */
  give(bytes: number): void {
    if (this.#isReleased) return;
    this.#count--;
    this.#bytes -= bytes;
    this.#whole.give(bytes);
  }

  /** Gives all back, for good. */
  release(): void {
    this.#whole.give(this.#bytes, this.#count);
    this.#isReleased = true;
    [this.#count, this.#bytes] = [0, 0];
  }
}
