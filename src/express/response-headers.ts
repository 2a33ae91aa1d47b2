import type { ServerResponse } from 'node:http';

/** What was said of the answer that failed, and would be false of the error in its place. */
const OF_THE_BODY = [
  'Accept-Ranges',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Language',
  'Content-Location',
  'Content-Range',
  'ETag',
  'Expires',
  'Last-Modified',
];

/** They say how the body is sent, which is decided here. */
const OF_THE_SENDING = /^(connection|content-encoding|content-length|content-type|transfer-encoding)$/i;

/** Takes back what was set for another body. One that was to be cached is an error now, which nobody is to keep. */
export function forgetBody(response: ServerResponse): void {
  for (const name of OF_THE_BODY) response.removeHeader(name);
  if (response.hasHeader('Cache-Control')) response.setHeader('Cache-Control', 'no-store');
}

/** Sets what an error brings along, as far as it can be sent. */
export function setHeaders(response: ServerResponse, headers: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (OF_THE_SENDING.test(name)) continue;
    try {
      if (Array.isArray(value)) response.setHeader(name, value.map(String));
      else if (typeof value === 'string' || typeof value === 'number') response.setHeader(name, value);
    } catch {
      // No name of a header, or no value of one: the answer matters more.
    }
  }
}
