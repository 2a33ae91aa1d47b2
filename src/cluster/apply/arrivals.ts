import { onAbort } from '../../abort-listener.js';
import type { Clock } from '../../clock.js';
import { SeqWaiters } from '../../seq-waiters.js';

/** Who waits for an operation to arrive at this node, which another one has seen. */
export class Arrivals {
  readonly #clock: Clock;
  readonly #waiters = new SeqWaiters();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Everything up to `storeSeq` is applied. */
  reach(storeSeq: number): void {
    this.#waiters.reach(storeSeq);
  }

  /** Resolves when {@link reach} is called with this seq or a greater one, after `ms` milliseconds, or when `signal` is aborted. Never rejects. */
  wait(storeSeq: number, ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        stopWaiting();
        stopTimer();
        stopListening();
        resolve();
      };
      const stopWaiting = this.#waiters.add(storeSeq, end);
      const stopTimer = this.#clock.schedule(end, ms, { keepAlive: true });
      const stopListening = onAbort(signal, end);
      if (signal.aborted) end();
    });
  }
}
