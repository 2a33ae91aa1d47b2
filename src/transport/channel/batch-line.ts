import { firstValueFrom, from, merge } from 'rxjs';
import { onAbort } from '../../abort-listener.js';
import type { DustError } from '../../errors.js';
import { isDustError } from '../../errors.js';
import type { Bound } from '../../protocol/requests/budget.js';
import { Budget } from '../../protocol/requests/budget.js';
import { DeadlineQueue } from '../../deadline-queue.js';
import { RateLimit } from '../../sync/index.js';
import { tooManyWait } from '../errors.js';
import { wasNotCarriedOut } from '../not-carried-out.js';
import { batchRateLimited } from './errors.js';
import type { Patience, PatienceOptions } from './patience.js';
import type { Waiter } from './turns.js';
import { Turns } from './turns.js';

/** How long a refusal that does not say asks to wait, in milliseconds. */
const DEFAULT_RETRY_AFTER = 1000;

/** What a {@link BatchLine} is made of. */
export interface BatchLineOptions extends Pick<PatienceOptions, 'clock' | 'writeTimeout' | 'closed$'> {
  /** What may wait. */
  readonly bound: Bound;
  readonly patience: Pick<Patience, 'pause'>;
}

/** What is to be sent. */
export interface BatchTask<T> {
  /** Sends it. Called again only when nothing of it was carried out. @throws DustError also when called off or closed */
  readonly send: () => Promise<T>;
  readonly bytes: () => number;
  readonly signal: AbortSignal | undefined;
}

/** One that is not settled. */
interface Sending extends Waiter {
  isExpired: boolean;
  /** The bytes of its room, as they were when it took it. */
  room: number | undefined;
}

/**
 * Makes batches, which go over HTTP, as patient as the writes of the channel: one that was certainly not carried out is sent
 * again until its time is up. The wait for the rate limit is not counted.
 */
export class BatchLine {
  readonly #options: BatchLineOptions;
  readonly #room: Budget;
  readonly #deadlines: DeadlineQueue<Sending>;
  readonly #limit: RateLimit;
  readonly #turns: Turns;
  #nextOrdinal = 1;

  constructor(options: BatchLineOptions) {
    const { clock, writeTimeout, bound } = options;
    this.#options = options;
    this.#room = new Budget(bound);
    this.#turns = new Turns(clock);
    this.#deadlines = new DeadlineQueue(clock, writeTimeout, (sending) => {
      sending.isExpired = true;
      sending.wake();
    });
    this.#limit = new RateLimit({
      clock,
      onHolding: (isHolding) => {
        if (isHolding) this.#deadlines.suspend();
        else this.#deadlines.resume();
      },
    });
  }

  /**
   * What `send` gives.
   *
   * @throws DustError what `send` throws, when something may have been carried out or the time is up; `rate_limited` when the
   * limit let nothing pass for too long, and with detail `outbox_full` when as many wait as may
   */
  async run<T>(task: BatchTask<T>): Promise<T> {
    const sending: Sending = {
      ordinal: this.#nextOrdinal++,
      isExpired: false,
      room: undefined,
      wake: () => undefined,
    };
    const stopDeadline = this.#deadlines.add(sending);
    const stopListening = onAbort(task.signal, () => {
      sending.wake();
    });
    try {
      return await this.#insist(task, sending);
    } finally {
      stopDeadline();
      stopListening();
      this.#turns.leave(sending);
      if (sending.room !== undefined) this.#room.give(sending.room);
      if (this.#room.count === 0) this.#rest();
    }
  }

  async #insist<T>(task: BatchTask<T>, sending: Sending): Promise<T> {
    for (;;) {
      if (this.#turns.isBusy) await this.#turn(task, sending);
      const number = this.#limit.sent();
      try {
        const result = await task.send();
        this.#limit.passed(number);
        return result;
      } catch (error) {
        if (isDustError(error) && error.status !== undefined && error.kind !== 'rate_limited') {
          this.#limit.passed(number);
        }
        if (!wasNotCarriedOut(error)) throw error;
        this.#takeRoom(task, sending);
        if (error.kind === 'rate_limited') this.#refused(error, number);
        this.#turns.leave(sending);
        if (error.kind !== 'rate_limited') await this.#unreached(error, sending);
      }
    }
  }

  /** Waits until the limit may let it pass. */
  async #turn<T>(task: BatchTask<T>, sending: Sending): Promise<void> {
    this.#takeRoom(task, sending);
    await firstValueFrom(merge(from(this.#turns.join(sending)), this.#options.closed$), {
      defaultValue: undefined,
    });
    if (sending.isExpired) throw batchRateLimited(this.#options.writeTimeout);
  }

  #refused({ retryAfter }: DustError, number: number): void {
    const ms = retryAfter === undefined ? DEFAULT_RETRY_AFTER : retryAfter * 1000;
    this.#turns.holdFor(this.#limit.hit(number, ms));
  }

  /** Waits until the server may be there again. @throws `error` when its time is up */
  async #unreached(error: DustError, sending: Sending): Promise<void> {
    this.#limit.connectionLost();
    if (!sending.isExpired) {
      await this.#options.patience.pause(
        undefined,
        new Promise((resolve) => {
          sending.wake = resolve;
        }),
      );
    }
    if (sending.isExpired) throw error;
  }

  #takeRoom<T>({ bytes }: BatchTask<T>, sending: Sending): void {
    if (sending.room !== undefined) return;
    const room = bytes();
    if (!this.#room.takeOrAlone(room)) throw tooManyWait('batches', this.#room);
    sending.room = room;
  }

  /** Nobody waits: what was known of the limit is of no use to whoever comes next. */
  #rest(): void {
    this.#limit.passed(this.#limit.sent());
    this.#turns.stop();
  }
}
