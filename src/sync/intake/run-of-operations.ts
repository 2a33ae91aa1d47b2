import type { BufferedOperation } from './reorder-buffer.js';

/** How many operations that were taken may stay in memory before the rest is moved up. */
const MAX_TAKEN = 1024;

/** Operations in the order of the store, without a hole, that wait to be applied. */
export class RunOfOperations {
  #operations: BufferedOperation[] = [];
  #taken = 0;

  push(operation: BufferedOperation): void {
    this.#operations.push(operation);
  }

  /** Takes the first one. */
  take(): BufferedOperation | undefined {
    const first = this.#operations[this.#taken];
    if (first === undefined) return undefined;
    this.#taken++;
    if (this.#taken === this.#operations.length) this.clear();
    else if (this.#taken > MAX_TAKEN && this.#taken * 2 > this.#operations.length) this.#moveUp();
    return first;
  }

  /** Those that wait. */
  waiting(): readonly BufferedOperation[] {
    return this.#operations.slice(this.#taken);
  }

  /** Forgets the operations with seqs up to `storeSeq`. */
  dropThrough(storeSeq: number): void {
    this.#moveUp();
    this.#operations = this.#operations.filter(({ operation }) => operation.storeSeq > storeSeq);
  }

  clear(): void {
    this.#operations = [];
    this.#taken = 0;
  }

  #moveUp(): void {
    this.#operations = this.#operations.slice(this.#taken);
    this.#taken = 0;
  }
}
