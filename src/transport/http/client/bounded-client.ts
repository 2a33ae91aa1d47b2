import type { Bound } from '../../../protocol/requests/budget.js';
import { Budget } from '../../../protocol/requests/budget.js';
import { weightOf } from '../../../protocol/values/weight.js';
import { tooManyWait } from '../../errors.js';
import type { HttpClient, HttpRequest, HttpResponse } from './http-client.js';

/** Refuses requests while as many as may, or about as many bytes of their bodies, wait for the server. */
export class BoundedClient implements HttpClient {
  readonly #inner: HttpClient;
  readonly #room: Budget;

  constructor(inner: HttpClient, bound: Bound) {
    this.#inner = inner;
    this.#room = new Budget(bound);
  }

  /** @throws DustError as the client inside does; `rate_limited` with detail `outbox_full` */
  async send(request: HttpRequest): Promise<HttpResponse> {
    const { body, content } = request;
    const bytes = content?.byteLength ?? (body === undefined ? 0 : weightOf(body));
    if (!this.#room.takeOrAlone(bytes)) throw tooManyWait('requests', this.#room);
    try {
      return await this.#inner.send(request);
    } finally {
      this.#room.give(bytes);
    }
  }

  close(): void {
    this.#inner.close();
  }
}
