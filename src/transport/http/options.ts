import type { TokenSource } from '../../token/index.js';
import type { Clock } from '../../clock.js';
import type { Logger } from '../../logging.js';

/** How requests that failed for now are made again. Off unless given. */
export interface RetryOptions {
  /** How often one request is sent at most, the first time included. Default 5. */
  readonly attempts?: number | undefined;
  /** Milliseconds that the first wait is drawn from; each further one is drawn from twice as many. Default 200. */
  readonly baseDelay?: number | undefined;
  /** The most milliseconds a wait is drawn from. Default 30,000. */
  readonly maxDelay?: number | undefined;
  /**
   * The most seconds a server's `Retry-After` is waited for; a longer one fails at once with `rate_limited`.
   * Default 300.
   */
  readonly maxRetryAfter?: number | undefined;
}

/** How long a request may take, in milliseconds. */
export interface TimeoutOptions {
  /** Until the connection stands, TLS included. Default 10,000. */
  readonly connect?: number | undefined;
  /**
   * From the request's last byte to the response's last; sending may take as long, and so may each piece of a streamed
   * body. Default 30,000.
   */
  readonly response?: number | undefined;
  /**
   * That a connection nobody uses is kept. Shorter than servers keep theirs, which for many is 5 seconds: a write on a
   * connection just dropped fails, and nobody can say whether it arrived. Default 4,000.
   */
  readonly idle?: number | undefined;
  /** That closing waits for writes under way. Default 5,000. */
  readonly close?: number | undefined;
}

/** How much of requests over HTTP is kept and read at once. Bytes are those of bodies. */
export interface RequestLimits {
  /** Requests under way or waiting, and as many writes waiting for a batch with `retry`. Default 100,000. */
  readonly waiting?: number | undefined;
  /** Bytes of these; one alone may be longer. Default 268,435,456: 256 MiB. */
  readonly waitingBytes?: number | undefined;
  /** Connections to the server. Default 64. */
  readonly connections?: number | undefined;
  /** Bytes of one answer of JSON. Default 67,108,864: 64 MiB. */
  readonly answerBytes?: number | undefined;
  /** Bytes of one file that is read. Default 1,073,741,824: 1 GiB. */
  readonly fileBytes?: number | undefined;
}

/** The way to a store on a Dust server over plain HTTP. */
export interface HttpTransportOptions {
  /** Where the server is, such as `https://dustlayer.io`. A path is kept as a prefix; credentials are refused. */
  readonly url: string;
  /** The store, `org/name`. */
  readonly store: string;
  /** What the server knows the caller by, or a function that gives it. Appears in no error, log line or inspection. */
  readonly token: TokenSource;
  /** Default: no retries. */
  readonly retry?: RetryOptions | undefined;
  /** How long is waited for a connection and for an answer. */
  readonly timeout?: TimeoutOptions | undefined;
  /** How much of requests is kept and read at once. */
  readonly requests?: RequestLimits | undefined;
  /** What the waits between attempts and for rate limits go by; timeouts go by the machine's. Default the machine's. */
  readonly clock?: Clock | undefined;
  /** Where the transport warns. Default: standard error. */
  readonly logger?: Logger | undefined;
  /** Names this transport in what it does itself; a server knows it by its token. Made up when left out. */
  readonly deviceId?: string | undefined;
  /** From 0 up to 1, what waits are drawn with. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
}
