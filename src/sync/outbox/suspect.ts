import type { PendingWrite } from './pending-write.js';

/** So many crashes in a row with one write in front, and it is what the server crashes on. */
const MAX_CRASHES = 2;

/** Finds the write that the server's channel crashes on (PROTOCOL §8): sent again, it would end every connection there is. */
export class Suspect {
  #blamed: { readonly write: PendingWrite; readonly crashes: number } | undefined;

  /** The channel has crashed, and this was the first one sent over it without an answer. */
  blame(write: PendingWrite): void {
    const crashes = write === this.#blamed?.write ? this.#blamed.crashes + 1 : 1;
    this.#blamed = { write, crashes };
  }

  /** The server has answered this one, or nobody wants it any more. */
  acquit(write: PendingWrite): void {
    if (write === this.#blamed?.write) this.#blamed = undefined;
  }

  /** The one that is blamed; undefined while there is none. */
  get write(): PendingWrite | undefined {
    return this.#blamed?.write;
  }

  /** Whether it is given up. */
  isGuilty(write: PendingWrite): boolean {
    return write === this.#blamed?.write && this.#blamed.crashes >= MAX_CRASHES;
  }
}
