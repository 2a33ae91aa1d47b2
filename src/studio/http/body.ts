import type { IncomingMessage } from 'node:http';
import { StudioRefusal, badRequest } from '../errors.js';

/** Bytes of a request's body: what the page sends is a record at the most. */
export const MAX_BODY = 8 * 1024 * 1024;

/**
 * The JSON of a request's body. A form of another page can send text, and no JSON without being asked about.
 *
 * @throws StudioRefusal with status 415 for another type, 413 for too much, 400 for what is no JSON
 */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const {
    'content-type': type = '',
    'content-length': length,
    'content-encoding': encoding,
  } = request.headers;
  if (!/^application\/json *(;|$)/i.test(type) || encoding !== undefined) {
    throw new StudioRefusal(415, 'unsupported_media_type', 'The studio is told things in JSON.');
  }
  if (Number(length ?? 0) > MAX_BODY) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw tooLarge();
    chunks.push(chunk);
  }
  try {
    return JSON.parse(
      new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks, size)),
    ) as unknown;
  } catch {
    throw badRequest('The body is not JSON.');
  }
}

function tooLarge(): StudioRefusal {
  return new StudioRefusal(413, 'too_large', `The studio takes ${MAX_BODY} bytes at the most.`);
}
