import type { Clock } from '../../../src/clock.js';
import type { DustError } from '../../../src/errors.js';
import { isDustError } from '../../../src/errors.js';
import type { StoreOptions } from '../../../src/store/index.js';
import { Store, createMemoryStorage } from '../../../src/store/index.js';

/** A clock that stands still until it is set. */
export class StoppedClock implements Clock {
  time = Date.UTC(2030, 0, 1);

  now(): number {
    return this.time;
  }

  schedule(): () => void {
    return () => undefined;
  }
}

/** A store in memory. */
export function openStore(options: Partial<StoreOptions> = {}): Store {
  return new Store({ storage: createMemoryStorage(), ...options });
}

/** The error that `work` ends in. */
export async function refusalOf(work: Promise<unknown> | (() => unknown)): Promise<DustError> {
  try {
    await (typeof work === 'function' ? work() : work);
  } catch (error) {
    if (isDustError(error)) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

/** Path, value, type and revision of every leaf, in store order. */
export function leavesOf(store: Store): unknown[] {
  return store
    .list({ pattern: '**' })
    .items.map(({ path, value, type, revision }) => [path, value, type, revision]);
}
