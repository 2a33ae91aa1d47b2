import type { Clock } from '../../clock.js';
import type { Store } from '../../store/index.js';
import { WorkUnderWay } from '../../work-under-way.js';
import { writerUnavailable } from './errors.js';
import type { Imitation } from './imitation.js';

/** Milliseconds that a request waits for the writer of its store (PROTOCOL §8). */
const PATIENCE = 5_000;

/** Milliseconds that one operation takes in an empty store, and more for each leaf: a batch of 1,000 2 s, beside 5,000 leaves 5.5 s. */
const [TIME_OF_OPERATION, TIME_OF_LEAF] = [2, 0.0007];

/** The pause in front of a write, which may be cut short. */
interface Pause {
  end(): void;
}

/**
 * The way of all writes into their stores. Without a fault to show it is no detour; a recorded server has one writer for
 * each store, which takes its time and is not waited for longer than 5 s.
 */
export class Writer {
  readonly #imitation: Imitation;
  readonly #clock: Clock;
  /** The end of the last write of each store. */
  readonly #queues = new WeakMap<Store, Promise<void>>();
  readonly #underWay = new WorkUnderWay();
  readonly #pauses = new Set<Pause>();
  #isHurrying = false;

  constructor(imitation: Imitation, clock: Clock) {
    this.#imitation = imitation;
    this.#clock = clock;
  }

  /**
   * Does a write of so many operations.
   *
   * @throws DustError what the write fails with; `invalid_params` for one that is done later
   */
  run<T>(store: Store, operations: number, write: () => Promise<T>): Promise<T> {
    const work = this.#imitation.has('slow-batches') ? this.#inTurn(store, operations, write) : write();
    return this.#imitation.has('late-writer') ? this.#orLate(work) : work;
  }

  /** Lets what waits go on at once, and resolves when it is done. Never rejects. */
  async hurry(): Promise<void> {
    this.#isHurrying = true;
    for (const pause of this.#pauses) pause.end();
    await this.#underWay.all();
  }

  #inTurn<T>(store: Store, operations: number, write: () => Promise<T>): Promise<T> {
    const before = this.#queues.get(store) ?? Promise.resolve();
    const work = before
      .then(() => this.#pause(operations * (TIME_OF_OPERATION + TIME_OF_LEAF * leafCountOf(store))))
      .then(write);
    this.#queues.set(store, work.then(ignore, ignore));
    return this.#underWay.track(work);
  }

  #pause(ms: number): Promise<void> {
    if (this.#isHurrying) return Promise.resolve();
    return new Promise((resolve) => {
      const pause = {
        end: () => {
          callOff();
          this.#pauses.delete(pause);
          resolve();
        },
      };
      const callOff = this.#clock.schedule(pause.end, ms, { keepAlive: true });
      this.#pauses.add(pause);
    });
  }

  #orLate<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const callOff = this.#clock.schedule(
        () => {
          reject(writerUnavailable());
        },
        PATIENCE,
        { keepAlive: true },
      );
      void work.finally(callOff).then(resolve, reject);
    });
  }
}

/** A store that was closed meanwhile holds nothing; the write will say so. */
function leafCountOf(store: Store): number {
  try {
    return store.size().leafCount;
  } catch {
    return 0;
  }
}

function ignore(): void {
  // Whoever asked for the write hears of it.
}
