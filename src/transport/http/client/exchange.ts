import type { DustError } from '../../../errors.js';
import { isDustError } from '../../../errors.js';
import { requestAborted, transportClosed } from '../../errors.js';
import { connectTimedOut, connectionFailed, responseTimedOut } from './connection-errors.js';
import type { Progress } from './connections.js';
import { Cutoff } from './cutoff.js';
import type { TimeoutOptions } from '../options.js';
import { reportOf } from './report.js';
import type { Subject } from './subject.js';

/** How long the phases of a request may take, in milliseconds. */
export type Timeouts = { readonly [Phase in keyof TimeoutOptions]-?: number };

/** One request from its start to the last byte of its answer: what may end it early, and which error that makes. */
export class Exchange {
  readonly subject: Subject;
  readonly #cutoff: Cutoff;
  readonly #caller: AbortSignal | undefined;
  readonly #timeouts: Timeouts;
  #established = false;

  constructor(subject: Subject, caller: AbortSignal | undefined, timeouts: Timeouts) {
    this.subject = subject;
    this.#caller = caller;
    this.#timeouts = timeouts;
    this.#cutoff = new Cutoff(caller);
  }

  /** Aborts when the request is to end. */
  get signal(): AbortSignal {
    return this.#cutoff.signal;
  }

  /** Keeps the clock of each phase. Sending may take as long as answering, counted by itself. */
  readonly progress: Progress = {
    connecting: () => {
      this.#cutoff.endIn(this.#timeouts.connect, 'connect_timeout');
    },
    connected: () => {
      this.#established = true;
      this.awaitResponse();
    },
    sent: () => {
      this.awaitResponse();
    },
  };

  /** From now on the next part of the answer is waited for. */
  awaitResponse(): void {
    this.#cutoff.endIn(this.#timeouts.response, 'response_timeout');
  }

  /** Nothing is waited for: whoever reads the answer has not asked for more. */
  rest(): void {
    this.#cutoff.stopTimer();
  }

  /** @throws DustError `aborted` or `closed` when nobody wants the answer any more */
  assertWanted(): void {
    const unwanted = this.#unwanted();
    if (unwanted !== undefined) throw unwanted;
  }

  /** What the caller is told of `error`, thrown while the request was under way. */
  failure(error: unknown): DustError {
    const { connect, response } = this.#timeouts;
    const unwanted = this.#unwanted();
    if (unwanted !== undefined) return unwanted;
    if (isDustError(error)) return error;
    if (this.#cutoff.reason === 'connect_timeout') return connectTimedOut(this.subject, connect);
    if (this.#cutoff.reason === 'response_timeout') return responseTimedOut(this.subject, response);
    return connectionFailed(this.subject, reportOf(error), this.#established);
  }

  /** Ends the request because the client is closed. */
  close(): void {
    this.#cutoff.end('closed');
  }

  /** The answer is complete. */
  release(): void {
    this.#cutoff.release();
  }

  #unwanted(): DustError | undefined {
    const { reason } = this.#cutoff;
    if (reason === 'aborted' && this.#caller !== undefined) return requestAborted(this.#caller);
    return reason === 'closed' ? transportClosed('http') : undefined;
  }
}
