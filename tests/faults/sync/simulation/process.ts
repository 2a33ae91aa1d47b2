import type { Clock } from '../../../../src/clock.js';
import type { StoreStorage } from '../../../../src/store/index.js';
import type { Scheduler } from './scheduler.js';

/**
 * What an operating system gives a program: timers, and a disk that runs commits a moment later. A killed one does
 * nothing more: its timers are gone and its commits that had not been made never will be.
 */
export class Process {
  readonly #scheduler: Scheduler;
  readonly #timers = new Set<() => void>();
  #isAlive = true;
  #committed = 0;
  #underWay = 0;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Timers that wait for their time. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Whether something is being written to the disk. */
  get isCommitting(): boolean {
    return this.#isAlive && this.#underWay > 0;
  }

  readonly clock: Clock = {
    now: () => this.#scheduler.now(),
    schedule: (callback, ms) => {
      if (!this.#isAlive) return () => undefined;
      const cancel = this.#scheduler.schedule(() => {
        this.#timers.delete(cancel);
        callback();
      }, ms);
      this.#timers.add(cancel);
      return () => {
        this.#timers.delete(cancel);
        cancel();
      };
    },
  };

  /**
   * `disk` as this process sees it: commits happen in order, `delay()` ms after they were asked for, and `onCommitted` hears
   * of each.
   */
  mount(disk: StoreStorage, delay: () => number, onCommitted: () => void): StoreStorage {
    return {
      name: disk.name,
      leaves: disk.leaves,
      log: disk.log,
      overlay: disk.overlay,
      blobs: disk.blobs,
      indexes: disk.indexes,
      readCounters: () => disk.readCounters(),
      writeCounters: (counters) => {
        disk.writeCounters(counters);
      },
      commit: async (work) => {
        this.#underWay++;
        try {
          const result = await this.#commit(disk, work, delay());
          onCommitted();
          return result;
        } finally {
          this.#underWay--;
        }
      },
      hold: () => disk.hold(),
      close: () => Promise.resolve(),
    };
  }

  kill(): void {
    this.#isAlive = false;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
  }

  #commit<T>(disk: StoreStorage, work: () => T, delay: number): Promise<T> {
    this.#committed = Math.max(this.#committed, this.#scheduler.now() + delay);
    return new Promise((resolve, reject) => {
      const run = (): void => {
        if (this.#isAlive) this.#scheduler.hold(disk.commit(work)).then(resolve, reject);
      };
      const wait = this.#committed - this.#scheduler.now();
      if (wait === 0) run();
      else this.#scheduler.schedule(run, wait);
    });
  }
}
