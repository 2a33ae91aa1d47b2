import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * The storages that a test file has used. For each promise Node 20 walks all that were ever used and not disabled, whoever still has them, and
 * jest-circus makes one for each file: a worker that has run a hundred files would run the simulation of sync five times as slowly.
 */
export class Storages {
  #used = new Set();
  #run = AsyncLocalStorage.prototype.run;

  /** Notes them from now on. */
  constructor() {
    const used = this.#used;
    const run = this.#run;
    AsyncLocalStorage.prototype.run = function (...args) {
      used.add(this);
      return run.apply(this, args);
    };
  }

  /** Disables those that were noted, and notes no more. */
  stop() {
    AsyncLocalStorage.prototype.run = this.#run;
    for (const storage of this.#used) storage.disable();
  }
}
