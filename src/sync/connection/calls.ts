import type { Clock } from '../../clock.js';
import type { JsonObject } from '../../protocol/values/value.js';
import type { Connection } from './connection.js';
import type { PushReply } from './link.js';
import type { RateLimit } from './rate-limit.js';
import { isRecord } from '../messages/read-operation.js';

/** How long a rate-limited push waits when the server does not say, in milliseconds. */
const DEFAULT_RETRY_AFTER = 1000;

/** How long a request waits that a busy server could not answer, in milliseconds. */
const BUSY_PAUSE = 1000;

/**
 * Whether a server says that its writer did not answer in time. What was asked may be carried out all the same, later
 * (PROTOCOL §8).
 */
export function isBusy({ status, response }: PushReply): boolean {
  if (status !== 'error' || !isRecord(response)) return false;
  const { reason } = response;
  return typeof reason === 'string' && reason.startsWith('{:writer_unavailable');
}

/** How long a rate-limited reply asks to wait, in milliseconds; undefined for any other reply. */
export function retryAfterOf({ status, response }: PushReply): number | undefined {
  if (status !== 'error' || !isRecord(response) || response.reason !== 'rate_limited') return undefined;
  const wait = response.retry_after_ms;
  return typeof wait === 'number' && wait >= 0 ? wait : DEFAULT_RETRY_AFTER;
}

/** The engine's own requests over one connection. None of them settles any more when the connection has ended. */
export class Calls {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #limit: RateLimit;
  readonly #timers = new Set<() => void>();

  constructor(connection: Connection, clock: Clock, limit: RateLimit) {
    this.#connection = connection;
    this.#clock = clock;
    this.#limit = limit;
  }

  /** The server's reply, whatever it is. */
  ask(event: string, payload: JsonObject): Promise<PushReply> {
    return new Promise((resolve) => {
      this.#connection.push(event, payload, resolve);
    });
  }

  /**
   * The server's reply, for which a rate limit is waited out, and a writer that is busy. What is asked may therefore be
   * carried out twice.
   */
  async request(event: string, payload: JsonObject): Promise<PushReply> {
    for (;;) {
      const number = this.#limit.sent();
      const reply = await this.ask(event, payload);
      const retryAfter = retryAfterOf(reply);
      if (retryAfter === undefined && event === 'write') this.#limit.passed(number);
      if (retryAfter !== undefined) await this.wait(this.#limit.hit(number, retryAfter));
      else if (isBusy(reply)) await this.wait(BUSY_PAUSE);
      else return reply;
    }
  }

  /** The seq of the store's last operation; undefined when the server does not say. */
  async currentSeq(): Promise<number | undefined> {
    const { response } = await this.request('status', {});
    const seq = isRecord(response) ? response.current_seq : undefined;
    return typeof seq === 'number' && Number.isSafeInteger(seq) ? seq : undefined;
  }

  /** Resolves after `ms` milliseconds. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        this.#timers.delete(cancel);
        resolve();
      };
      const cancel = this.#clock.schedule(done, ms, { keepAlive: true });
      this.#timers.add(cancel);
    });
  }

  /** Resolves as `work` does, or does not at all when the connection ends first. */
  whileOpen<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      work.then(
        (value) => {
          if (this.#connection.isOpen) resolve(value);
        },
        (error: unknown) => {
          if (this.#connection.isOpen) reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  /** To be called when the connection has ended: calls off what is waited for. */
  stop(): void {
    for (const cancel of this.#timers) cancel();
  }
}
