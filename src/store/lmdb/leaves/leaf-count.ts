import type { GuardedDatabase } from '../guarded-database.js';

/** Where the number of leaves is noted. Folders before format 3 have none. */
export const LEAF_COUNT = 'leaves';

/** The number of leaves of a store, kept beside them: to count them takes a walk over all groups. */
export class LeafCount {
  readonly #meta: GuardedDatabase<unknown, string>;
  #current: number;
  #noted: number;

  constructor(meta: GuardedDatabase<unknown, string>) {
    this.#meta = meta;
    this.#current = this.#noted = this.#read();
  }

  get current(): number {
    return this.#current;
  }

  /** Whether a number was ever noted: it is when there was a leaf. */
  get isNoted(): boolean {
    return typeof this.#meta.get(LEAF_COUNT) === 'number';
  }

  add(leaves: number): void {
    this.#current += leaves;
  }

  /** Makes the count part of the running transaction. */
  flush(): void {
    if (this.#current === this.#noted) return;
    this.#meta.put(LEAF_COUNT, this.#current);
    this.#noted = this.#current;
  }

  /** Reads the committed count again. */
  reload(): void {
    this.#current = this.#noted = this.#read();
  }

  #read(): number {
    const count = this.#meta.get(LEAF_COUNT);
    return typeof count === 'number' ? count : 0;
  }
}
