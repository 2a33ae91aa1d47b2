import { MAX_FRAME_BYTES } from '../../frame/frame.js';

/** How many frames are asked for at once, at most. */
const MOST = 32;

/** How much the last frame says of the next one. */
const SHARE = 1 / 8;

/** How many frames are asked for at once: as many as are likely to be there, and to be wanted. */
export class ReadAhead {
  /** Said by others: it may be wrong. */
  #heard = 0;
  /** In bytes. */
  #usual = MAX_FRAME_BYTES;

  /** There are frames up to a position, as somebody says. What is no position is passed over. */
  noteHeard(position: number): void {
    if (Number.isSafeInteger(position) && position > this.#heard) this.#heard = position;
  }

  /** There is none at a position. */
  noteEnd(position: number): void {
    this.#heard = Math.min(this.#heard, position - 1);
  }

  /** A frame had so many bytes. */
  noteRead(bytes: number): void {
    this.#usual = Math.max(1, this.#usual * (1 - SHARE) + bytes * SHARE);
  }

  /** How many to ask for from a position on, for so many bytes. 0: nothing is known to be there. */
  count(from: number, bytes: number): number {
    return Math.max(0, Math.min(this.#heard - from + 1, Math.ceil(bytes / this.#usual), MOST));
  }
}
