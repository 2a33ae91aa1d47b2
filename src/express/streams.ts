import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Observable } from 'rxjs';
import { startWith, Subject, Subscription } from 'rxjs';
import type { Clock } from '../clock.js';
import { DustError } from '../errors.js';
import type { Logger } from '../logging.js';
import type { OptionNames } from '../options/index.js';
import { COUNT, DELAY } from '../options/index.js';
import type { SseOptions } from '../realtime/index.js';
import { writeSse } from '../realtime/index.js';
import type { Next, RouteHandler } from './handlers.js';
import { CLOCK, LOGGER } from './option-kinds.js';

/** What all routes that answer with a stream may be told. */
export interface StreamRouteOptions {
  /** Milliseconds between heartbeats, which keep proxies from closing a quiet stream; 0 for none. Default 15,000. */
  readonly heartbeatMs?: number;
  /** Milliseconds clients should wait before they connect again; goes out with the first message. */
  readonly retryMs?: number;
  /** The most messages that wait for a slow client. One more and it is cut off; it may connect again. Default 1000. */
  readonly maxPending?: number;
  /** The most bytes of such messages. Default 16 MiB. */
  readonly maxPendingBytes?: number;
  /** The time heartbeats go by, for tests. Default: the machine's. */
  readonly clock?: Clock;
  /** Hears of an error that ends a stream which has begun. Default: standard error. */
  readonly logger?: Logger;
}

/** The names of the options, for the check of unknown ones. */
export const STREAM_OPTIONS: OptionNames<StreamRouteOptions> = {
  heartbeatMs: true,
  retryMs: true,
  maxPending: true,
  maxPendingBytes: true,
  clock: true,
  logger: true,
};

/** What their values may be. */
export const STREAM_VALUES = {
  heartbeatMs: DELAY,
  retryMs: DELAY,
  maxPending: COUNT,
  maxPendingBytes: COUNT,
  clock: CLOCK,
  logger: LOGGER,
};

/** A handler that answers with server-sent events, and what ends the streams that it has begun. */
export interface StreamRoute<R extends IncomingMessage = IncomingMessage> extends RouteHandler<R> {
  /** How many clients listen just now. */
  readonly listeners: number;
  /** Ends all streams, which would never end by themselves; who comes later is answered 503. Calling it again does nothing. */
  close(): void;
}

/** One message: its text, and what the client sends back as `Last-Event-ID`. */
export interface Message {
  readonly text: string;
  readonly id?: string | undefined;
}

/** How the messages of one route become streams. */
export interface StreamPlan<R extends IncomingMessage> {
  readonly options: StreamRouteOptions;
  /** What a client hears of. May throw; the error handler has it then. */
  readonly messages: (request: R) => Observable<Message>;
  /** Whether there is a message at once, so that an error before it can still be an answer. */
  readonly beginsWithMessage: boolean;
}

/** A route of such streams. */
export function streamRoute<R extends IncomingMessage>(plan: StreamPlan<R>): StreamRoute<R> {
  const open = new Set<Subscription>();
  let isClosed = false;
  const handle: RouteHandler<R> = (request, response, next) => {
    if (isClosed) {
      next(new DustError('closed', 'The service is ending and begins no more streams.'));
      return;
    }
    const stream = new Subscription();
    open.add(stream);
    stream.add(() => open.delete(stream));
    try {
      begin(plan, { request, response, next, stream });
    } catch (error) {
      stream.unsubscribe();
      next(error);
    }
  };
  const route = Object.assign(handle, {
    close: () => {
      isClosed = true;
      for (const stream of [...open]) stream.unsubscribe();
    },
  });
  return Object.defineProperty(route, 'listeners', { get: () => open.size }) as StreamRoute<R>;
}

interface Call<R> {
  readonly request: R;
  readonly response: ServerResponse;
  readonly next: Next;
  /** Ends with the client, with its source and with the route. */
  readonly stream: Subscription;
}

/** Answers when it is known that there is something to tell: until then an error, or an end, is one for the error handler. */
function begin<R extends IncomingMessage>(plan: StreamPlan<R>, call: Call<R>): void {
  const { request, response, next, stream } = call;
  const messages = plan.messages(request);
  const rest = new Subject<Message>();
  let state: 'waiting' | 'open' | 'over' = 'waiting';
  const isWaiting = (): boolean => state === 'waiting';
  const open = (...first: Message[]): void => {
    state = 'open';
    if (request.method === 'HEAD') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end();
      stream.unsubscribe();
      return;
    }
    stream.add(writeSse(response, rest.pipe(startWith(...first)), sseOptions(plan.options)));
  };
  const fail = (error: unknown): void => {
    const wasWaiting = state === 'waiting';
    state = 'over';
    if (wasWaiting) next(error);
    else rest.error(error);
    stream.unsubscribe();
  };
  response.once('close', () => {
    if (state === 'waiting') state = 'over';
    stream.unsubscribe();
  });
  // Whoever ends it before it has begun must not leave the request without an answer.
  stream.add(() => {
    if (state === 'waiting') fail(new DustError('closed', 'The stream was ended before it began.'));
  });
  const isKnown = lastKnown(request);
  stream.add(
    messages.subscribe({
      next: (message) => {
        if (state === 'open') rest.next(message);
        else if (state === 'waiting') open(...(isKnown(message) ? [] : [message]));
      },
      error: fail,
      complete: () => {
        if (state === 'waiting') fail(new DustError('closed', 'The data source is closed.'));
        else stream.unsubscribe();
      },
    }),
  );
  if (isWaiting() && !plan.beginsWithMessage && !stream.closed) open();
}

/** Whether a client that comes back has had a message before. */
function lastKnown({ headers }: IncomingMessage): (message: Message) => boolean {
  const last = headers['last-event-id'];
  return ({ id }) => id !== undefined && id === last;
}

function sseOptions({ logger, ...options }: StreamRouteOptions): SseOptions<Message> {
  return {
    ...options,
    ...(logger !== undefined && { logger }),
    id: ({ id }: Message) => id,
    serialize: ({ text }: Message) => text,
  };
}
