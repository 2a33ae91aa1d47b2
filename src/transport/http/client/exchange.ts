import { requestAborted } from '../../../abort-listener.js';
import type { DustError } from '../../../errors.js';
import { isDustError } from '../../../errors.js';
import { untilAborted } from '../../abort.js';
import { transportClosed } from '../../errors.js';
import { notCarriedOut } from '../../not-carried-out.js';
import { connectTimedOut, connectionFailed, responseTimedOut, tokenTimedOut } from './connection-errors.js';
import type { Progress } from './connections.js';
import { Cutoff } from './cutoff.js';
import type { Timeouts } from '../limits.js';
import { reportOf } from './report.js';
import type { Subject } from './subject.js';

/** One request from its start to the last byte of its answer: what may end it early, and which error that makes. */
export class Exchange {
  readonly subject: Subject;
  readonly #cutoff: Cutoff;
  readonly #caller: AbortSignal | undefined;
  readonly #timeouts: Timeouts;
  /** The token that the request carries, once it is known. */
  token: string | undefined;
  #established = false;
  #isKept = false;
  #isAnswered = false;

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
    connected: (kept) => {
      this.#established = true;
      this.#isKept = kept;
      this.awaitResponse();
    },
    sent: () => {
      this.awaitResponse();
    },
  };

  /** Waits for the token. @throws what asking for it throws; when the request is to end before, what {@link failure} tells */
  async awaitToken(token: Promise<string>): Promise<string> {
    this.#cutoff.endIn(this.#timeouts.connect, 'token_timeout');
    const given = await untilAborted(token, this.signal);
    this.rest();
    return given;
  }

  /** The answer begins. */
  answered(): void {
    this.#isAnswered = true;
  }

  /** Whether the answer came from a proxy that opened no way to the server. */
  get isRefusedByProxy(): boolean {
    return this.subject.proxy !== undefined && this.#isAnswered && !this.#established;
  }

  /** Whether `error` may be no more than a kept connection that the other side had closed meanwhile. */
  isStale(error: unknown): boolean {
    const isLost = isDustError(error, 'network') && error.detail === 'connection_lost';
    return isLost && this.#isKept && !this.#isAnswered;
  }

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
    if (this.#cutoff.reason === 'token_timeout') return tokenTimedOut(this.subject, connect);
    if (isDustError(error)) return error;
    const notDialed = causeOf(error);
    if (isDustError(notDialed)) return notCarriedOut(notDialed);
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

/** What axios wraps. Of ours it is only what kept a connection from being opened. */
function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
