import type { OptionNames } from '../options/index.js';
import { DELAY, checkOptionNames, checkOptionValues } from '../options/index.js';
import { isObservable, map, Observable } from 'rxjs';
import type { Clock } from '../clock.js';
import { systemClock } from '../clock.js';
import { sourceNotObservable } from './errors.js';
import { serializeJson } from './serialize.js';
import type { SseMessage } from './sse.js';
import { HEARTBEAT } from './sse.js';

/** The names of the options, for the check of unknown ones. */
export const SSE_OPTIONS: OptionNames<SseOptions<unknown>> = {
  heartbeatMs: true,
  eventName: true,
  id: true,
  retryMs: true,
  serialize: true,
  clock: true,
};

/** How values become messages of server-sent events. */
export interface SseOptions<T> {
  /** Milliseconds between heartbeats, which keep proxies from closing a quiet stream; 0 for none. Default 15,000. */
  readonly heartbeatMs?: number;
  /** The event's name on the client. Default: none, which clients call `message`. */
  readonly eventName?: string | ((value: T) => string | undefined);
  /** The message's id. Default: the `storeSeq` of values that have one. */
  readonly id?: (value: T) => string | undefined;
  /** Milliseconds clients should wait before they connect again; goes out with the first message. */
  readonly retryMs?: number;
  /** A value as text. Default: the JSON of its enumerable properties, dates in ISO 8601, bigints as strings, bytes in base64. */
  readonly serialize?: (value: T) => string;
  /** The time heartbeats go by, for tests. Default: the machine's. */
  readonly clock?: Clock;
}

/**
 * Entity events, live lists or anything else as messages of server-sent events, with heartbeats between them: what a
 * Nest controller returns from `@Sse()`. Cold, and lasts as long as `source`, with whose error it ends; what `serialize`,
 * `id` or `eventName` throws errors it, too.
 *
 * @example
 * class LinksController {
 *   constructor(private readonly links: Repository<Link>) {}
 *
 *   // Below Nest's decorator Sse('links/events').
 *   events(): Observable<MessageEvent> {
 *     return sseStream(this.links.events());
 *   }
 * }
 *
 * @throws DustError `invalid_options`, at once, when `source` is no Observable, and for an option that is unknown or of another kind
 */
export function sseStream<T>(source: Observable<T>, options: SseOptions<T> = {}): Observable<SseMessage> {
  if (!isObservable(source)) throw sourceNotObservable('sseStream()', 'an Observable', source);
  checkOptionNames('sseStream', options, SSE_OPTIONS);
  checkSseValues('sseStream', options);
  return sseMessages(source, options);
}

/** @throws DustError `invalid_options` */
export function checkSseValues<T>(owner: string, options: SseOptions<T>): void {
  checkOptionValues(owner, options, { heartbeatMs: DELAY, retryMs: DELAY });
}

/** {@link sseStream}, of options that have been checked. */
export function sseMessages<T>(source: Observable<T>, options: SseOptions<T>): Observable<SseMessage> {
  const { heartbeatMs = 15_000, clock = systemClock } = options;
  return new Observable((subscriber) => {
    let cancelBeat: (() => void) | undefined;
    const scheduleBeat = (): void => {
      cancelBeat = clock.schedule(() => {
        scheduleBeat();
        subscriber.next(HEARTBEAT);
      }, heartbeatMs);
    };
    subscriber.add(() => cancelBeat?.());
    if (heartbeatMs > 0) scheduleBeat();
    source.pipe(map((value, index) => toMessage(value, index, options))).subscribe(subscriber);
  });
}

function toMessage<T>(value: T, index: number, options: SseOptions<T>): SseMessage {
  const { eventName, id = storeSeqOf, retryMs, serialize = serializeJson } = options;
  const messageId = id(value);
  const type = typeof eventName === 'function' ? eventName(value) : eventName;
  return {
    data: serialize(value),
    ...(messageId !== undefined && { id: messageId }),
    ...(type !== undefined && { type }),
    ...(retryMs !== undefined && index === 0 && { retry: retryMs }),
  };
}

function storeSeqOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || !('storeSeq' in value)) return undefined;
  return typeof value.storeSeq === 'number' ? String(value.storeSeq) : undefined;
}
