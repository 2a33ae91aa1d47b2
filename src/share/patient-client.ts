import type { Clock } from '../clock.js';
import { monotonicOf } from '../clock.js';
import { isDustError } from '../errors.js';
import { isOutcomeUnknown } from '../protocol/requests/unknown-outcome.js';
import type { HttpClient, HttpRequest, HttpResponse } from '../transport/http/index.js';
import { WaitingRoom } from '../transport/http/index.js';
import { outcomeUnknown } from './errors.js';
import { LOOK_AGAIN } from './folder-share.js';

/** How long requests are made again while owners change, in milliseconds. */
const PATIENCE = 10_000;

/** What a {@link PatientClient} goes by. */
export interface PatientClientOptions {
  readonly clock: Clock;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/**
 * Makes requests again that an owner left without an answer when it ended. A write is known by its id to the folder, whoever serves it: it is
 * done once, however often it is asked for.
 */
export class PatientClient implements HttpClient {
  readonly #inner: HttpClient;
  readonly #options: PatientClientOptions;
  readonly #room: WaitingRoom;

  constructor(inner: HttpClient, options: PatientClientOptions) {
    this.#inner = inner;
    this.#options = options;
    this.#room = new WaitingRoom(options.clock);
  }

  async send(request: HttpRequest): Promise<HttpResponse> {
    const { clock, random } = this.#options;
    const isIdentified = request.effect === 'once' && request.headers?.['X-Request-Id'] !== undefined;
    const repeatable: HttpRequest = isIdentified ? { ...request, effect: 'idempotent' } : request;
    const end = monotonicOf(clock) + PATIENCE;
    let isUnknown = false;
    for (;;) {
      try {
        return await this.#inner.send(repeatable);
      } catch (error) {
        const isAway = isDustError(error, 'network') && error.retryable;
        isUnknown ||= isOutcomeUnknown(error);
        if (!isAway || monotonicOf(clock) >= end) throw failure(error, isIdentified && isUnknown);
      }
      await this.#room.wait(random() * LOOK_AGAIN, request.signal).catch((error: unknown) => {
        throw failure(error, isIdentified && isUnknown);
      });
    }
  }

  close(): void {
    this.#inner.close();
    this.#room.close();
  }
}

/** What is told of `error`, where a write may have been done that cannot be repeated without its id, or not. */
function failure(error: unknown, isUnknown: boolean): unknown {
  return isUnknown && !isAnswer(error) && !isDustError(error, 'aborted') ? outcomeUnknown(error) : error;
}

/** Whether an owner has said what became of the write: it would have known one that had been done before. */
function isAnswer(error: unknown): boolean {
  return isDustError(error) && error.status !== undefined && !isOutcomeUnknown(error);
}
