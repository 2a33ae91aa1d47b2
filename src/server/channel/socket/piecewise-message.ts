/** Bytes that go out together at the most: how well a client reads shows after each. */
const PIECE = 256 * 1024;

/** A part of a message. */
export interface MessagePiece {
  readonly data: Uint8Array;
  readonly isLast: boolean;
}

/** A long message whose bytes others are sent too, taken piece by piece. None of them is copied. */
export class PiecewiseMessage {
  readonly #parts: readonly Uint8Array[];
  #part = 0;
  #offset = 0;

  /** @param around what stands before and behind the bytes that are shared */
  constructor(shared: readonly Uint8Array[], [before, behind]: readonly [Uint8Array, Uint8Array]) {
    this.#parts = [before, ...shared, behind].filter(({ length }) => length > 0);
  }

  /** The next piece; undefined behind the last. */
  take(): MessagePiece | undefined {
    const part = this.#parts[this.#part];
    if (part === undefined) return undefined;
    const data = part.subarray(this.#offset, this.#offset + PIECE);
    this.#offset += data.length;
    if (this.#offset === part.length) [this.#part, this.#offset] = [this.#part + 1, 0];
    return { data, isLast: this.#part === this.#parts.length };
  }
}
