import type { Clock } from '../../../clock.js';
import { publishRetry } from '../../../diagnostics/index.js';
import type { DustError } from '../../../errors.js';
import { isDustError } from '../../../errors.js';
import type { Logger } from '../../../logging.js';
import type { HttpClient, HttpRequest, HttpResponse } from '../client/http-client.js';
import { notCarriedOut, wasNotCarriedOut } from '../../not-carried-out.js';
import { RateGate } from './rate-gate.js';
import { gaveUp, limitsUsedUp, waitTooLong } from './retry-errors.js';
import type { RetryPolicy } from './retry-policy.js';
import { backoff } from './retry-policy.js';
import { WaitingRoom } from './waiting-room.js';

/** What a {@link RetryClient} goes by. */
export interface RetryClientOptions {
  readonly policy: RetryPolicy;
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** The server that messages name. */
  readonly origin: string;
  readonly logger: Logger;
}

/**
 * Makes requests again that failed for now, and keeps within the server's rate limits beforehand. Only errors marked
 * `retryable` are tried again, and no error is marked so where a second time could do harm.
 */
export class RetryClient implements HttpClient {
  readonly #inner: HttpClient;
  readonly #options: RetryClientOptions;
  readonly #room: WaitingRoom;
  readonly #reads: RateGate;
  readonly #writes: RateGate;

  constructor(inner: HttpClient, options: RetryClientOptions) {
    this.#inner = inner;
    this.#options = options;
    this.#room = new WaitingRoom(options.clock);
    this.#reads = this.#gate('reads');
    this.#writes = this.#gate('writes');
  }

  async send(request: HttpRequest): Promise<HttpResponse> {
    const gate = gateFor(request, this.#reads, this.#writes);
    let isUntouched = true;
    for (let attempt = 1; ; attempt++) {
      await gate.enter(request.signal);
      try {
        return await this.#pass(gate, request);
      } catch (error) {
        if (!isDustError(error)) throw error;
        isUntouched &&= wasNotCarriedOut(error);
        const delay = this.#delayAfter(request, error, { attempt, isUntouched });
        this.#tell(request, error, { attempt, delay });
        await this.#room.wait(delay, request.signal);
      }
    }
  }

  close(): void {
    this.#inner.close();
    this.#room.close();
  }

  /** One attempt, let in by the gate. */
  async #pass(gate: RateGate, request: HttpRequest): Promise<HttpResponse> {
    try {
      return await this.#inner.send({
        ...request,
        onAnswer: (answer) => {
          gate.learn(answer);
          request.onAnswer?.(answer);
        },
      });
    } finally {
      gate.leave();
    }
  }

  /** Milliseconds until the next attempt, at least as many as the server asks for; throws where there is to be none. */
  #delayAfter(
    { hasFallback = false }: HttpRequest,
    error: DustError,
    { attempt, isUntouched }: { readonly attempt: number; readonly isUntouched: boolean },
  ): number {
    const { policy, random } = this.#options;
    const isFinal = !error.retryable || (hasFallback && error.status === 500);
    if (attempt >= policy.attempts || isFinal) {
      throw noted(gaveUp(error, attempt), isUntouched);
    }
    const asked = error.retryAfter ?? 0;
    if (asked > policy.maxRetryAfter) {
      throw noted(waitTooLong(error, attempt, policy.maxRetryAfter), isUntouched);
    }
    return Math.max(asked * 1000, backoff(policy, attempt, random));
  }

  #tell(
    { method }: HttpRequest,
    error: DustError,
    { attempt, delay }: { readonly attempt: number; readonly delay: number },
  ): void {
    const { origin, logger, policy } = this.#options;
    const { kind, path } = error;
    const maxAttempts = policy.attempts;
    publishRetry({ origin, method, path, attempt, maxAttempts, delay, error });
    logger.info(
      `A ${method} at ${origin} failed for now (${kind}), attempt ${attempt} of ${maxAttempts}; the next is in ${Math.round(delay)} ms.`,
      { origin, method, kind, attempt, maxAttempts, delay },
    );
  }

  #gate(quota: 'reads' | 'writes'): RateGate {
    const { policy, clock, origin, logger } = this.#options;
    const maxWait = policy.maxRetryAfter;
    return new RateGate({
      clock,
      room: this.#room,
      maxWait,
      onWait: (seconds) => {
        logger.warn(
          `The rate limit of ${origin} is used up: ${quota} wait ${Math.ceil(seconds)} s until it is renewed.`,
        );
      },
      tooLong: (seconds) => limitsUsedUp(origin, quota, seconds, maxWait),
    });
  }
}

/** `isUntouched`: none of the attempts was carried out. */
function noted(error: DustError, isUntouched: boolean): DustError {
  return isUntouched ? notCarriedOut(error) : error;
}

/** PROTOCOL §3: two quotas. Every POST counts as a write, `POST /entries/batch` too, though it reads. */
function gateFor({ method }: HttpRequest, reads: RateGate, writes: RateGate): RateGate {
  return method === 'GET' || method === 'HEAD' ? reads : writes;
}
