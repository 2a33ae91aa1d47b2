import type { OptionNames } from '../options/index.js';
import { checkOptionNames } from '../options/index.js';
import type { Observable } from 'rxjs';
import { Subscription, isObservable } from 'rxjs';
import type { Logger } from '../logging.js';
import { consoleLogger } from '../logging.js';
import { invalidPositiveInteger, sourceNotObservable } from './errors.js';
import type { SseOptions } from './sse-stream.js';
import { SSE_OPTIONS, checkSseValues, sseMessages } from './sse-stream.js';
import type { SseResponse } from './sse-writer.js';
import { SseWriter } from './sse-writer.js';

const OPTIONS: OptionNames<WriteSseOptions<unknown>> = {
  ...SSE_OPTIONS,
  maxPending: true,
  maxPendingBytes: true,
  onError: true,
  logger: true,
};

const MAX_PENDING_BYTES = 16 * 1024 * 1024;

/** The options of {@link sseStream}, and what concerns the connection. */
export interface WriteSseOptions<T> extends SseOptions<T> {
  /** The most messages that wait for a slow client. One more and the connection is cut. Default 1000. */
  readonly maxPending?: number;
  /** The most bytes of such messages. Default 16 MiB. */
  readonly maxPendingBytes?: number;
  /** Hears of an error of the source. Default: the logger does. The client is told nothing about it. */
  readonly onError?: (error: unknown) => void;
  /** Hears of an error of the source when `onError` is left out. Default: standard error. */
  readonly logger?: Logger;
}

/**
 * Answers a request with server-sent events until `source` ends or the client leaves; either way both sides are
 * released. Headers set on the response before are kept. A client too slow for its messages is cut off once more than
 * `maxPending` or `maxPendingBytes` wait, and may connect again. When the source errors before its first message, the answer is status
 * 500; later, the response just ends.
 *
 * @example
 * app.get('/links/events', (_request, response) => {
 *   writeSse(response, links.events());
 * });
 *
 * @returns the subscription; unsubscribing ends the response
 * @throws DustError `invalid_options` when `source` is no Observable, for an unknown option, and when `maxPending` or `maxPendingBytes` is not a positive integer
 */
export function writeSse<T>(
  response: SseResponse,
  source: Observable<T>,
  options: WriteSseOptions<T> = {},
): Subscription {
  if (!isObservable(source)) throw sourceNotObservable('writeSse()', 'an Observable', source);
  checkOptionNames('writeSse', options, OPTIONS);
  checkSseValues('writeSse', options);
  const { maxPending = 1000, maxPendingBytes = MAX_PENDING_BYTES, logger = consoleLogger } = options;
  for (const [name, value] of Object.entries({ maxPending, maxPendingBytes })) {
    if (!Number.isInteger(value) || value < 1) throw invalidPositiveInteger(name, value);
  }
  const subscription = new Subscription();
  if (response.destroyed) {
    subscription.unsubscribe();
    return subscription;
  }
  const writer = new SseWriter(response, { maxPending, maxPendingBytes }, () => {
    subscription.unsubscribe();
  });
  subscription.add(() => {
    writer.end();
  });
  subscription.add(
    sseMessages(source, options).subscribe({
      next: (message) => {
        writer.send(message);
      },
      error: (error: unknown) => {
        writer.end(true);
        subscription.unsubscribe();
        if (options.onError !== undefined) options.onError(error);
        else logger.error(`A stream of server-sent events lost its source: ${String(error)}`);
      },
      complete: () => {
        subscription.unsubscribe();
      },
    }),
  );
  writer.open();
  return subscription;
}
