import type { StoredIndex } from '../indexes/definitions.js';
import type { IndexStorage } from '../storage.js';
import type { Databases } from './databases.js';
import type { GuardedDatabase } from './guarded-database.js';
import { LmdbKeySet } from './lmdb-key-set.js';
import type { WriteScope } from './write-scope.js';

const DEFINITIONS = 'definitions';

/** The indexes of a folder, which has them whoever opens it. */
export class LmdbIndexStorage implements IndexStorage {
  readonly keys: LmdbKeySet;
  readonly #db: GuardedDatabase<unknown, string>;
  readonly #scope: WriteScope;
  #definitions: readonly StoredIndex[] = [];

  constructor({ indexKeys, indexes }: Pick<Databases, 'indexKeys' | 'indexes'>, scope: WriteScope) {
    this.keys = new LmdbKeySet(indexKeys, scope);
    this.#db = indexes;
    this.#scope = scope;
    this.reload();
  }

  get definitions(): readonly StoredIndex[] {
    return this.#definitions;
  }

  define(definitions: readonly StoredIndex[]): void {
    this.#scope.note();
    this.#db.put(DEFINITIONS, definitions);
    this.#definitions = definitions;
  }

  /** Reads again what is kept in memory. */
  reload(): void {
    const stored = this.#db.get(DEFINITIONS);
    if (stored !== undefined && !isList(stored)) throw this.#db.damaged(DEFINITIONS);
    this.#definitions = stored ?? [];
  }
}

function isList(stored: unknown): stored is readonly StoredIndex[] {
  return Array.isArray(stored) && stored.every(isStoredIndex);
}

function isStoredIndex(stored: unknown): boolean {
  if (typeof stored !== 'object' || stored === null) return false;
  if (!('number' in stored && 'definition' in stored && 'state' in stored)) return false;
  const { definition, state } = stored;
  return (
    typeof stored.number === 'number' &&
    typeof definition === 'object' &&
    definition !== null &&
    'prefix' in definition &&
    'parts' in definition &&
    Array.isArray(definition.parts) &&
    typeof state === 'object' &&
    state !== null &&
    'name' in state
  );
}
