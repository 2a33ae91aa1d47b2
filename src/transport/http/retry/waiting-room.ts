import { onAbort, requestAborted } from '../../../abort-listener.js';
import type { Clock } from '../../../clock.js';
import type { DustError } from '../../../errors.js';
import { transportClosed } from '../../errors.js';

/** Somebody who waits: `done` settles when let go, refused, called off, or when the room is closed. */
export interface Waiter {
  readonly done: Promise<void>;
  readonly admit: () => void;
  readonly refuse: (error: DustError) => void;
}

/** Where requests wait before they are sent. Nobody is left behind: an abort ends one wait, `close` ends all. */
export class WaitingRoom {
  readonly #clock: Clock;
  readonly #waiters = new Set<Waiter>();
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many wait. */
  get size(): number {
    return this.#waiters.size;
  }

  /** @throws DustError `aborted` or `closed` when there is nothing to wait for any more */
  enter(signal: AbortSignal | undefined): Waiter {
    if (this.#closed) throw transportClosed('http');
    if (signal?.aborted === true) throw requestAborted(signal);
    const { promise, resolve, reject } = deferred();
    const leave = (): void => {
      this.#waiters.delete(waiter);
      stopListening();
    };
    const waiter: Waiter = {
      done: promise,
      admit: () => {
        leave();
        resolve();
      },
      refuse: (error) => {
        leave();
        reject(error);
      },
    };
    const stopListening = onAbort(signal, () => {
      if (signal !== undefined) waiter.refuse(requestAborted(signal));
    });
    this.#waiters.add(waiter);
    return waiter;
  }

  /** Waits `ms` milliseconds; the process stays alive for it, because somebody awaits what comes after. */
  async wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    const waiter = this.enter(signal);
    const cancel = this.#clock.schedule(waiter.admit, ms, { keepAlive: true });
    try {
      await waiter.done;
    } finally {
      cancel();
    }
  }

  /** Everyone inside, and everyone who comes later, fails with `closed`. */
  close(): void {
    this.#closed = true;
    for (const waiter of this.#waiters) waiter.refuse(transportClosed('http'));
  }
}

interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: DustError) => void;
}

function deferred(): Deferred {
  let resolve!: () => void;
  let reject!: (error: DustError) => void;
  const promise = new Promise<void>((onDone, onFailed) => {
    resolve = onDone;
    reject = onFailed;
  });
  return { promise, resolve, reject };
}
