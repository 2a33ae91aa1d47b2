import type { Readable } from 'node:stream';
import { streamBody } from './body-stream.js';
import { parseJson as parseJsonText } from '../../../protocol/values/json-text.js';
import { ANSWER_SHAPE, ShapeExceeded } from '../../../protocol/values/shape.js';
import { refusedByProxy } from './connection-errors.js';
import { answeredWithError, responseTooComplex, responseTooLarge, unexpectedResponse } from './errors.js';
import type { ResolvedRequests } from '../limits.js';
import type { Exchange } from './exchange.js';
import type { AnswerHead, HttpRequest, HttpResponse } from './http-client.js';
import { BodyTooLarge, decodeText, readBeginning, readBytes } from './read-body.js';
import { readServerReason } from './server-reason.js';

/** An answer whose body is still to be read. */
export interface Incoming extends AnswerHead {
  readonly body: Readable;
  /** What dates in its headers are measured against when it has none of its own, in milliseconds since the epoch. */
  readonly now: number;
  /** How long it may be. */
  readonly requests: ResolvedRequests;
  /** To be called when the body has been read as a stream. */
  readonly release: () => void;
}

const MAX_ERROR_TEXT = 2 ** 16;

/**
 * Reads an answer as the request asked for it.
 *
 * @throws DustError for each status outside 2xx (errors.ts) and for a body that is not what it must be; whatever breaks
 * the body on its way
 */
export async function receive(
  request: HttpRequest,
  exchange: Exchange,
  incoming: Incoming,
): Promise<HttpResponse> {
  const { status, headers } = incoming;
  if (exchange.isRefusedByProxy) throw refusedByProxy(exchange.subject, status);
  if (status >= 200 && status < 300) {
    return { status, headers, body: await readExpected(request, exchange, incoming) };
  }
  const text = await readBeginning(incoming.body, MAX_ERROR_TEXT);
  exchange.assertWanted();
  if (isMissingEntry(request, status, text)) return { status, headers, body: undefined };
  throw answeredWithError(exchange.subject, { status, headers, text }, incoming.now);
}

async function readExpected(request: HttpRequest, exchange: Exchange, incoming: Incoming): Promise<unknown> {
  const { read = 'json' } = request;
  if (request.method === 'HEAD' || incoming.status === 204) {
    incoming.body.resume();
    return undefined;
  }
  if (read === 'stream') return streamBody(incoming.body, exchange, incoming.release);
  const { answerBytes, fileBytes } = incoming.requests;
  const bytes = await readWhole(exchange, incoming, read === 'json' ? answerBytes : fileBytes);
  return read === 'json' ? parseJson(exchange, incoming, decodeText(bytes)) : bytes;
}

async function readWhole(exchange: Exchange, { body, status }: Incoming, limit: number): Promise<Uint8Array> {
  try {
    return await readBytes(body, limit);
  } catch (error) {
    throw error instanceof BodyTooLarge ? responseTooLarge(exchange.subject, status, limit) : error;
  }
}

/** Judged by the body, not by its content type: proxies rewrite that. */
function parseJson(exchange: Exchange, { status, headers }: Incoming, text: string): unknown {
  try {
    return parseJsonText(text, ANSWER_SHAPE);
  } catch (error) {
    if (error instanceof ShapeExceeded) throw responseTooComplex(exchange.subject, status, error.message);
    throw unexpectedResponse(exchange.subject, { status, headers, text });
  }
}

function isMissingEntry({ method, notFound }: HttpRequest, status: number, text: string): boolean {
  return (
    status === 404 &&
    notFound === 'entry' &&
    (method === 'HEAD' || readServerReason(text).error === 'not_found')
  );
}
