import type { PendingWrite } from './pending-write.js';

/** So many crashes in a row with one write in front, and it is what the server crashes on. */
const MAX_CRASHES = 2;

/** Finds the write that the server's channel crashes on (PROTOCOL §8): sent again, it would end every connection there is. */
export class Suspect {
  #write: PendingWrite | undefined;
  #crashes = 0;

  /** The channel has crashed, and this was the first one sent over it without an answer. */
  blame(write: PendingWrite): void {
    this.#crashes = write === this.#write ? this.#crashes + 1 : 1;
    this.#write = write;
  }

  /** The server has answered this one, or nobody wants it any more. */
  acquit(write: PendingWrite): void {
    if (write === this.#write) this.#write = undefined;
  }

  /** The one that is blamed; undefined while there is none. */
  get write(): PendingWrite | undefined {
    return this.#write;
  }

  /** Whether it is given up. */
  isGuilty(write: PendingWrite): boolean {
    return write === this.#write && this.#crashes >= MAX_CRASHES;
  }
}
