import { randomUUID } from 'node:crypto';
import type { DustError } from '../../errors.js';
import { isDustError } from '../../errors.js';
import { storeBasePath } from '../../protocol/wire/http.js';
import type { AnswerHead, HttpClient, HttpRequest } from '../../transport/http/index.js';

/** What came of a probe: an error where the server refused it or could not be reached. */
export interface ProbeOutcome {
  /** Absent when no answer came. */
  readonly answer: AnswerHead | undefined;
  readonly error: DustError | undefined;
}

/** Nothing lies there. */
const NOWHERE = '_dust/probe';

/** Requests that change nothing, whatever the server makes of them. */
export class ServerProbe {
  readonly #client: HttpClient;
  readonly #signal: AbortSignal;

  constructor(client: HttpClient, signal: AbortSignal) {
    this.#client = client;
    this.#signal = signal;
  }

  health(): Promise<ProbeOutcome> {
    return this.#send({ method: 'GET', target: '/healthz', read: 'bytes' });
  }

  readiness(): Promise<ProbeOutcome> {
    return this.#send({ method: 'GET', target: '/readyz', read: 'bytes' });
  }

  /** A listing, which unlike a GET tells an unknown store from an empty one (PROTOCOL §3). */
  listing(store: string): Promise<ProbeOutcome> {
    const query = `pattern=${encodeURIComponent(`${NOWHERE}/**`)}&limit=1&select=keys`;
    return this.#send({ method: 'GET', target: `${storeBasePath(store)}/entries?${query}` });
  }

  /** A batch of nothing, which is refused by every server that knows batches. */
  emptyBatch(store: string): Promise<ProbeOutcome> {
    return this.#send({
      method: 'POST',
      target: `${storeBasePath(store)}/entries/batch_write`,
      body: { ops: [] },
    });
  }

  /** A write without a path, which is refused by every server that takes paths in bodies. */
  pathlessWrite(store: string): Promise<ProbeOutcome> {
    return this.#send({ method: 'POST', target: `${storeBasePath(store)}/entries`, body: {} });
  }

  /**
   * A removal of nothing: whoever may write is told that it is not at that revision. Other writes are looked at before the
   * token's scopes are (PROTOCOL §8).
   */
  vainDelete(store: string): Promise<ProbeOutcome> {
    return this.#send({
      method: 'DELETE',
      target: `${storeBasePath(store)}/entries/${NOWHERE}/${randomUUID()}`,
      headers: { 'if-match': '1' },
    });
  }

  head(store: string): Promise<ProbeOutcome> {
    return this.#send({
      method: 'HEAD',
      target: `${storeBasePath(store)}/entries/${NOWHERE}`,
      notFound: 'entry',
    });
  }

  file(): Promise<ProbeOutcome> {
    return this.#send({
      method: 'GET',
      target: `/api/files/sha256:${'0'.repeat(64)}`,
      read: 'bytes',
      notFound: 'entry',
    });
  }

  async #send(request: Omit<HttpRequest, 'effect' | 'signal'>): Promise<ProbeOutcome> {
    let answer: AnswerHead | undefined;
    const onAnswer = (head: AnswerHead): void => {
      answer = head;
    };
    try {
      await this.#client.send({ ...request, effect: 'read', signal: this.#signal, onAnswer });
      return { answer, error: undefined };
    } catch (error) {
      if (!isDustError(error) || error.kind === 'aborted') throw error;
      return { answer, error };
    }
  }
}
