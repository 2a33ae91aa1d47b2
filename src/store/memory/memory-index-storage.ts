import type { StoredIndex } from '../indexes/definitions.js';
import type { IndexStorage } from '../storage.js';
import { MemoryKeySet } from './memory-key-set.js';

/** The indexes of a store that lives as long as the process. */
export class MemoryIndexStorage implements IndexStorage {
  readonly keys = new MemoryKeySet();
  #definitions: readonly StoredIndex[] = [];

  get definitions(): readonly StoredIndex[] {
    return this.#definitions;
  }

  define(definitions: readonly StoredIndex[]): void {
    this.#definitions = definitions;
  }
}
