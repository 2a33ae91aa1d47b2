import { isLoggedState } from '../logged/logged-state.js';
import type { StoreCounters } from '../storage.js';
import type { GuardedDatabase } from './guarded-database.js';
import type { WriteScope } from './write-scope.js';

const KEY = 'counters';
const NONE: StoreCounters = { storeSeq: 0, snapshotSeq: 0 };

/** The counters, kept in memory and written once per transaction instead of once per operation. */
export class StoredCounters {
  readonly #meta: GuardedDatabase<unknown, string>;
  readonly #scope: WriteScope;
  #current: StoreCounters;
  #changed = false;

  constructor(meta: GuardedDatabase<unknown, string>, scope: WriteScope) {
    this.#meta = meta;
    this.#scope = scope;
    this.#current = countersOf(meta.get(KEY));
  }

  get current(): StoreCounters {
    return this.#current;
  }

  write(counters: StoreCounters): void {
    this.#scope.note();
    this.#current = counters;
    this.#changed = true;
  }

  /** Makes the counters part of the running transaction. */
  flush(): void {
    if (this.#changed) this.#meta.put(KEY, this.#current);
    this.#changed = false;
  }

  /** Reads the committed counters again. */
  reload(): void {
    this.#current = countersOf(this.#meta.get(KEY));
    this.#changed = false;
  }
}

function countersOf(stored: unknown): StoreCounters {
  const { storeSeq, snapshotSeq, leasedAt, logged, restoring } = Object(stored) as Readonly<
    Record<string, unknown>
  >;
  if (typeof storeSeq !== 'number' || typeof snapshotSeq !== 'number') return NONE;
  return {
    storeSeq,
    snapshotSeq,
    ...(typeof leasedAt === 'number' ? { leasedAt } : {}),
    ...(isLoggedState(logged) ? { logged } : {}),
    ...(restoring === true ? { restoring } : {}),
  };
}
