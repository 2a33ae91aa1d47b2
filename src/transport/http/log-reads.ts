import { isOperationKind } from '../../protocol/requests/operation.js';
import type { CommittedOperation } from '../../protocol/requests/operation.js';
import type { LogSlice } from '../log-pages.js';
import { logPage } from '../log-pages.js';
import type { LogPage, LogQuery, RequestOptions } from '../transport.js';
import { isFields, isJson, isSeq } from './answers.js';
import type { EntryRequests } from './entry-requests.js';
import { unexpectedResponse } from './errors.js';
import type { HttpConnection } from './http-connection.js';

/** The log of PROTOCOL §3, which servers hand out oldest first. */
export class LogReads {
  readonly #connection: HttpConnection;
  readonly #requests: EntryRequests;

  constructor(connection: HttpConnection, requests: EntryRequests) {
    this.#connection = connection;
    this.#requests = requests;
  }

  /** @throws DustError as {@link logPage} does */
  page(query: LogQuery): Promise<LogPage> {
    const { signal } = query;
    return logPage(query, {
      read: (after, limit) => this.#read(after, limit, { signal }),
      lastSeq: () => this.#lastSeq({ signal }),
    });
  }

  async #read(after: number, limit: number, options: RequestOptions): Promise<LogSlice> {
    const { body } = await this.#connection.send(this.#requests.log(after, limit, options));
    const slice = sliceIn(body, after);
    const last = slice.operations.at(-1);
    if (last !== undefined) this.#connection.saw(last.storeSeq);
    return slice;
  }

  /** A server that does not tell is asked for one operation behind what was seen, further and further on, and then in between. */
  async #lastSeq(options: RequestOptions): Promise<number> {
    const isThere = async (seq: number): Promise<boolean> =>
      (await this.#read(seq - 1, 1, options)).operations.length > 0;
    let known = this.#connection.status.storeSeq;
    if (!(await isThere(known + 1))) return Math.max(known, this.#connection.status.storeSeq);
    if (this.#connection.features.has('read-barrier')) return this.#connection.status.storeSeq;
    known++;
    let step = 1;
    while (await isThere(known + step)) {
      known += step;
      step *= 4;
    }
    let absent = known + step;
    while (absent - known > 1) {
      const middle = known + Math.floor((absent - known) / 2);
      if (await isThere(middle)) known = middle;
      else absent = middle;
    }
    return known;
  }
}

/** The answer to `GET /log`. @throws DustError `http` (`unexpected_response`) */
function sliceIn(body: unknown, after: number): LogSlice {
  if (!isFields(body) || !Array.isArray(body.items)) throw unexpectedResponse('a page of the log');
  const operations = body.items.map((item: unknown) => operationIn(item));
  const first = operations[0]?.storeSeq;
  return {
    operations,
    more: isSeq(body.next_cursor),
    // A server that does not say it tells by where its page begins.
    firstSeq: isSeq(body.first_seq) ? body.first_seq : first === undefined || first === after + 1 ? 1 : first,
  };
}

function operationIn(item: unknown): CommittedOperation {
  if (!isFields(item)) throw unexpectedResponse('a page of the log');
  const { store_seq: storeSeq, op, path, value = null, device_id: deviceId, client_op_id: clientOpId } = item;
  if (!isSeq(storeSeq) || !isOperationKind(op) || typeof path !== 'string' || !isJson(value)) {
    throw unexpectedResponse('a page of the log');
  }
  const { commit } = item;
  const range =
    isFields(commit) && isSeq(commit.first) && isSeq(commit.last)
      ? { commit: { first: commit.first, last: commit.last } }
      : {};
  return {
    storeSeq,
    op,
    path,
    value,
    deviceId: typeof deviceId === 'string' ? deviceId : null,
    clientOpId: typeof clientOpId === 'string' ? clientOpId : null,
    ...range,
  };
}
