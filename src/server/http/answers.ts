import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { RequestContext } from '../environment.js';
import { storeSeqHeader } from '../access/current-reads.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** The body of a request that failed through no fault of its own (PROTOCOL §8). */
export const FAILURE = { errors: { detail: 'Internal Server Error' } };

/** Answers a JSON body. */
export function answerJson(
  c: RequestContext,
  body: unknown,
  status: ContentfulStatusCode = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return answerText(c, JSON.stringify(body), status, { ...headers, 'content-type': JSON_TYPE });
}

/**
 * Answers what was not understood at all: a page, or JSON without an error code when the request accepts exactly that
 * (PROTOCOL §3).
 */
export function answerPage(c: RequestContext, text: string, status: ContentfulStatusCode): Response {
  if (c.req.header('accept') === 'application/json') {
    return answerJson(c, { errors: { detail: text } }, status);
  }
  return answerText(c, text, status, { 'content-type': 'text/html; charset=utf-8' });
}

/** Goes to Node's response without a web `Response` on the way, which would cost as much as all else in a read. */
function answerText(
  c: RequestContext,
  text: string,
  status: ContentfulStatusCode,
  headers: Readonly<Record<string, string>>,
): Response {
  const body = Buffer.from(text);
  const about = { ...storeSeqHeader(c), ...headers, 'content-length': body.length };
  c.env.outgoing.writeHead(status, about).end(body);
  return RESPONSE_ALREADY_SENT;
}
