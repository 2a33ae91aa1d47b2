import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { RequestContext } from './environment.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Answers a JSON body. */
export function answerJson(
  c: RequestContext,
  body: unknown,
  status: ContentfulStatusCode = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return c.body(JSON.stringify(body), status, { ...headers, 'content-type': JSON_TYPE });
}

/**
 * Answers what was not understood at all: a page, or JSON without an error code when the request accepts exactly that
 * (PROTOCOL §3).
 */
export function answerPage(c: RequestContext, text: string, status: ContentfulStatusCode): Response {
  if (c.req.header('accept') === 'application/json') {
    return answerJson(c, { errors: { detail: text } }, status);
  }
  return c.body(text, status, { 'content-type': 'text/html; charset=utf-8' });
}
