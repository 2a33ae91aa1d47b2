import { TransientMap } from '../../transient-map.js';
import type { PendingWrite } from './pending-write.js';

/** The writes that were sent over the present connection and have no reply, settled or not: the server still works on them. */
export class WritesInFlight {
  /** By their ordinals. */
  readonly #writes = new TransientMap<number, PendingWrite>();
  #bytes = 0;

  get size(): number {
    return this.#writes.size;
  }

  /** About how many bytes they are. */
  get bytes(): number {
    return this.#bytes;
  }

  has(write: PendingWrite): boolean {
    return this.#writes.has(write.ordinal);
  }

  values(): Iterable<PendingWrite> {
    return this.#writes.values();
  }

  add(write: PendingWrite): void {
    this.#writes.set(write.ordinal, write);
    this.#bytes += write.bytes;
  }

  remove(write: PendingWrite): void {
    this.#writes.delete(write.ordinal);
    this.#bytes -= write.bytes;
  }

  /** The server works off what it is sent one by one, so that a crash is of the first that it has not answered. */
  get firstUnanswered(): PendingWrite | undefined {
    for (const write of this.#writes.values()) if (write.echo === undefined) return write;
    return undefined;
  }

  /** Takes all out, in the order they were asked for. */
  takeAll(): readonly PendingWrite[] {
    const all = [...this.#writes.values()].sort((a, b) => a.ordinal - b.ordinal);
    this.#writes.clear();
    this.#bytes = 0;
    return all;
  }
}
