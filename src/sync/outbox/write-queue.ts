import type { PendingWrite } from './pending-write.js';

/** Writes that wait to be sent, in the order they were asked for. */
export class WriteQueue {
  #writes: PendingWrite[] = [];

  get size(): number {
    return this.#writes.length;
  }

  /** The one to be sent next. */
  get first(): PendingWrite | undefined {
    return this.#writes[0];
  }

  /** Takes the first one out. */
  shift(): void {
    this.#writes.shift();
  }

  /** Puts a write in its place: most are the last, and those that are sent again are among the first. */
  add(write: PendingWrite): void {
    const before = this.#writes.findLastIndex(({ ordinal }) => ordinal < write.ordinal);
    this.#writes.splice(before + 1, 0, write);
  }

  remove(write: PendingWrite): void {
    this.#writes = this.#writes.filter((other) => other !== write);
  }
}
