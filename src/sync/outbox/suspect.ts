import type { PendingWrite } from './pending-write.js';

/**
 * Finds the write that the server's channel crashes on (PROTOCOL §8): sent again, it would end every connection there is. It is the one
 * in front of two crashes in a row.
 */
export class Suspect {
  #blamed: { readonly write: PendingWrite; readonly isGuilty: boolean } | undefined;

  /** The channel has crashed, and this was the first one sent over it without an answer. */
  blame(write: PendingWrite): void {
    this.#blamed = { write, isGuilty: write === this.#blamed?.write };
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
    return write === this.#blamed?.write && this.#blamed.isGuilty;
  }
}
