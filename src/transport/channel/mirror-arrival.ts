import { requestAborted, untilAborted } from '../../abort-listener.js';
import type { Clock } from '../../clock.js';
import type { ChannelEngine } from './engine.js';
import type { ReadChoice } from './read-choice.js';

/** How long a read waits for the mirror to show what the server has told of, in milliseconds, before it goes over HTTP. */
const PATIENCE = 1_000;

/** Waits for the mirror to show what is known of the store in another way. */
export class MirrorArrival {
  readonly #choice: ReadChoice;
  readonly #clock: Clock;

  constructor(choice: ReadChoice, clock: Clock) {
    this.#choice = choice;
    this.#clock = clock;
  }

  /**
   * Resolves when reads show the operation `storeSeq`: when the mirror holds it, or when reads go over HTTP until it does.
   *
   * @throws DustError `aborted`; `indeterminate` when the store was restored to what it was before
   */
  async wait(engine: ChannelEngine, storeSeq: number, signal: AbortSignal | undefined): Promise<void> {
    if (engine.status.storeSeq >= storeSeq) return;
    let stop: (() => void) | undefined;
    const elsewhere = new Promise<void>((resolve) => {
      const callOff = this.#clock.schedule(resolve, PATIENCE, { keepAlive: true });
      const subscription = this.#choice.states$.subscribe(({ readsFrom }) => {
        if (readsFrom === 'http') resolve();
      });
      stop = () => {
        callOff();
        subscription.unsubscribe();
      };
    });
    try {
      await untilAborted(Promise.race([engine.reach(storeSeq), elsewhere]), signal, requestAborted);
      if (engine.status.storeSeq < storeSeq) this.#choice.need(storeSeq);
    } finally {
      stop?.();
    }
  }
}
