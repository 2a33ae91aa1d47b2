import { TransientMap } from '../../transient-map.js';
import type { PendingWrite } from './pending-write.js';

/** The writes whose callers do not know their outcome yet. */
export class UnsettledWrites {
  /** By their ordinals. */
  readonly #writes = new TransientMap<number, PendingWrite>();
  /** Of several writes with one id the last: the server answers each, and tells of one operation. */
  readonly #byId = new TransientMap<string, PendingWrite>();
  #bytes = 0;
  #onEmpty: (() => void) | undefined;

  get size(): number {
    return this.#writes.size;
  }

  /** About how many bytes they are. */
  get bytes(): number {
    return this.#bytes;
  }

  /** All of them as they are now: what is done to them changes nothing about the list. */
  get all(): readonly PendingWrite[] {
    return [...this.#writes.values()];
  }

  add(write: PendingWrite): void {
    this.#bytes += write.bytes;
    this.#writes.set(write.ordinal, write);
    this.#byId.set(write.submission.clientOpId, write);
  }

  remove(write: PendingWrite): void {
    this.#writes.delete(write.ordinal);
    const { clientOpId } = write.submission;
    if (this.#byId.get(clientOpId) === write) this.#byId.delete(clientOpId);
    this.#bytes -= write.bytes;
  }

  /** The one that an operation with this id tells of. */
  withId(clientOpId: string): PendingWrite | undefined {
    return this.#byId.get(clientOpId);
  }

  /** Resolves when none is left, and {@link tellIfEmpty} was called since. */
  whenEmpty(): Promise<void> {
    return new Promise((resolve) => {
      this.#onEmpty = resolve;
      this.tellIfEmpty();
    });
  }

  tellIfEmpty(): void {
    if (this.size === 0) this.#onEmpty?.();
  }
}
