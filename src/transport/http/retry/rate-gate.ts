import type { Clock } from '../../../clock.js';
import type { DustError } from '../../../errors.js';
import type { AnswerHead } from '../client/http-client.js';
import { RateBudget } from './rate-budget.js';
import type { Waiter, WaitingRoom } from './waiting-room.js';

/** What a gate goes by. */
export interface RateGateOptions {
  readonly clock: Clock;
  readonly room: WaitingRoom;
  /** The most seconds a request waits for the server's limits. */
  readonly maxWait: number;
  /** Hears how many seconds requests begin to wait. */
  readonly onWait: (seconds: number) => void;
  /** The error for a request that would have to wait longer than `maxWait`. */
  readonly tooLong: (seconds: number) => DustError;
}

/**
 * Lets the requests of one quota pass, first come, first served, as far as the server's limits allow: what would be
 * refused waits here instead. Each `enter` that resolves is followed by one `leave`.
 */
export class RateGate {
  readonly #options: RateGateOptions;
  readonly #budget = new RateBudget();
  readonly #queue: Waiter[] = [];
  #underWay = 0;
  #wake: { readonly at: number; readonly cancel: () => void } | undefined;

  constructor(options: RateGateOptions) {
    this.#options = options;
  }

  /** @throws DustError `rate_limited` when the wait would be too long, `aborted`, `closed` */
  async enter(signal: AbortSignal | undefined): Promise<void> {
    const waiter = this.#options.room.enter(signal);
    this.#queue.push(waiter);
    this.#update();
    try {
      await waiter.done;
    } catch (error) {
      this.#forget(waiter);
      throw error;
    }
  }

  /** Takes in what an answer says about the limits. */
  learn(answer: AnswerHead): void {
    this.#budget.learn(answer, this.#options.clock.now());
    this.#update();
  }

  /** A request that had entered is over. */
  leave(): void {
    this.#underWay--;
    this.#update();
  }

  /** Lets pass who may, refuses who would wait too long, and sets the alarm for the rest. */
  #update(): void {
    const now = this.#options.clock.now();
    while (this.#queue.length > 0 && this.#underWay < this.#budget.allowed(now)) {
      this.#underWay++;
      this.#queue.shift()?.admit();
    }
    const opensAt = this.#queue.length > 0 ? this.#budget.opensAt(now) : undefined;
    const seconds = opensAt === undefined ? 0 : (opensAt - now) / 1000;
    if (seconds > this.#options.maxWait && this.#budget.allowed(now) === 0) {
      for (const waiter of this.#queue.splice(0)) waiter.refuse(this.#options.tooLong(seconds));
      this.#wakeAt(undefined);
    } else {
      this.#wakeAt(opensAt);
    }
  }

  #wakeAt(at: number | undefined): void {
    if (this.#wake?.at === at) return;
    this.#wake?.cancel();
    this.#wake = undefined;
    if (at === undefined) return;
    const { clock, onWait } = this.#options;
    const ms = at - clock.now();
    const cancel = clock.schedule(
      () => {
        this.#wake = undefined;
        this.#update();
      },
      ms,
      { keepAlive: true },
    );
    this.#wake = { at, cancel };
    if (this.#budget.allowed(clock.now()) === 0) onWait(ms / 1000);
  }

  #forget(waiter: Waiter): void {
    const index = this.#queue.indexOf(waiter);
    if (index === -1) return;
    this.#queue.splice(index, 1);
    this.#update();
  }
}
