import { Budget } from '../protocol/requests/budget.js';
import type { SseMessage } from './sse.js';
import { encodeSse, HEARTBEAT } from './sse.js';

/** What is needed of a response: Node's `http.ServerResponse` has it, and with it Express's. */
export interface SseResponse {
  /** Whether the headers are out; they are not sent again then. */
  readonly headersSent: boolean;
  /** Whether the connection is gone. */
  readonly destroyed: boolean;
  /** Sets status and headers. */
  writeHead(statusCode: number, headers: Readonly<Record<string, string>>): unknown;
  /** Sends the headers before the first message. */
  flushHeaders(): void;
  /** Sends text; false asks to wait for `drain`. */
  write(chunk: string): boolean;
  /** Ends the response. */
  end(): unknown;
  /** Cuts the connection. */
  destroy(): unknown;
  /** Tells of room to write, of the end of the connection and of its failure. */
  on(event: 'drain' | 'close' | 'error', listener: () => void): unknown;
}

const HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  // Asks nginx and those who imitate it to pass messages on as they come.
  'x-accel-buffering': 'no',
};

/** What may wait for one client. */
export interface SseBound {
  /** Messages. */
  readonly maxPending: number;
  /** Bytes of them. */
  readonly maxPendingBytes: number;
}

/** Writes messages to one response as fast as its client reads, and keeps the rest up to a bound. */
export class SseWriter {
  readonly #response: SseResponse;
  readonly #room: Budget;
  readonly #onGone: () => void;
  readonly #pending: string[] = [];
  #blocked = false;
  #ended = false;

  /** Calls `onGone` when the client has left or was cut off. */
  constructor(response: SseResponse, { maxPending, maxPendingBytes }: SseBound, onGone: () => void) {
    this.#response = response;
    this.#room = new Budget({ count: maxPending, bytes: maxPendingBytes });
    this.#onGone = onGone;
    const leave = (): void => {
      this.#leave();
    };
    response.on('drain', () => {
      this.#blocked = false;
      this.#flush();
    });
    response.on('close', leave);
    response.on('error', leave);
  }

  /** Sends the headers, unless they have been. */
  open(): void {
    if (this.#ended || this.#response.headersSent) return;
    this.#response.writeHead(200, HEADERS);
    this.#response.flushHeaders();
  }

  send(message: SseMessage): void {
    if (this.#ended || (this.#blocked && message === HEARTBEAT)) return;
    this.open();
    const text = encodeSse(message);
    if (!this.#blocked && this.#pending.length === 0) {
      this.#blocked = !this.#response.write(text);
    } else if (this.#room.take(Buffer.byteLength(text))) {
      this.#pending.push(text);
    } else {
      this.#leave();
      this.#response.destroy();
    }
  }

  /** Writes what waits and ends the response: with status 500 when `failed` and nothing has been sent. */
  end(failed = false): void {
    if (this.#ended) return;
    this.#ended = true;
    if (failed && !this.#response.headersSent) this.#response.writeHead(500, {});
    for (const text of this.#pending.splice(0)) this.#response.write(text);
    this.#response.end();
  }

  #flush(): void {
    while (!this.#blocked) {
      const text = this.#pending.shift();
      if (text === undefined) return;
      this.#room.give(Buffer.byteLength(text));
      this.#blocked = !this.#response.write(text);
    }
  }

  #leave(): void {
    this.#ended = true;
    this.#pending.length = 0;
    this.#onGone();
  }
}
