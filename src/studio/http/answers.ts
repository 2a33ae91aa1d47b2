import type { IncomingMessage, ServerResponse } from 'node:http';
import { StudioRefusal } from '../errors.js';
import type { Failure } from '../api/messages.js';

/** Nothing runs on the page but what the studio itself has sent, and it speaks to nobody else. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** For what people have stored: it may be looked at, and nothing else. */
export const POLICY_OF_FILES = "default-src 'none'; frame-ancestors 'none'; sandbox";

/** What every answer carries. */
export function protect(response: ServerResponse): void {
  const headers = {
    'content-security-policy': POLICY,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  };
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

/** Bytes of one answer. */
const MAX_ANSWER = 16 * 1024 * 1024;

/** Sends JSON. @throws StudioRefusal for more than an answer may have */
export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  const body = Buffer.from(JSON.stringify(value));
  if (body.length > MAX_ANSWER) {
    throw new StudioRefusal(413, 'too_large', 'There is more than the studio shows at once: ask for less.');
  }
  sendBytes(response, { status, type: 'application/json; charset=utf-8', body });
}

/** Sends a whole body. */
export function sendBytes(
  response: ServerResponse,
  {
    status = 200,
    type,
    body,
  }: { readonly status?: number; readonly type: string; readonly body: Uint8Array },
): void {
  response.writeHead(status, { 'content-type': type, 'content-length': body.length });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** Tells why not: as JSON to the page's script, as a page to a person. */
export function sendRefusal(
  request: IncomingMessage,
  response: ServerResponse,
  refusal: StudioRefusal,
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, kind, message } = refusal;
  if ((request.url ?? '').startsWith('/api/')) {
    sendJson(response, { error: { kind, message } } satisfies Failure, status);
  } else {
    sendPage(response, status, message);
  }
}

/** A page of one sentence. */
export function sendPage(response: ServerResponse, status: number, message: string): void {
  const body =
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
    `<title>dust-orm studio</title><h1>dust-orm studio</h1><p>${escaped(message)}</p></html>\n`;
  sendBytes(response, { status, type: 'text/html; charset=utf-8', body: Buffer.from(body) });
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
