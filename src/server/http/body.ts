import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { ShapeExceeded } from '../../protocol/values/shape.js';
import { badRequest, bodyTooLarge, notUnderstood, unsupportedMediaType } from '../errors.js';
import type { RequestContext } from '../environment.js';
import { TypedJson } from './typed-json.js';

/**
 * The text of a request's body.
 *
 * @param limit its bytes at the most, whether they were announced or not
 * @throws DustError `http` with status 413, 415 for a body that is compressed or in another character set, or 400 for what is not UTF-8
 */
export async function readText(request: IncomingMessage, limit: number): Promise<string> {
  assertPlain(request.headers);
  if (Number(request.headers['content-length'] ?? 0) > limit) throw bodyTooLarge(limit);
  const bytes = await readBytes(request, limit);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notUnderstood('The body is not UTF-8.');
  }
}

/** What would be read as something else than it says is not read at all. */
function assertPlain({
  'content-encoding': encoding = '',
  'content-type': type = '',
}: IncomingHttpHeaders): void {
  if (encoding !== '' && encoding.trim().toLowerCase() !== 'identity') {
    throw unsupportedMediaType(
      'A body is read as it was written (Content-Encoding: identity). Send it uncompressed.',
    );
  }
  const charset = /; *charset *= *"?([^";\s]*)/i.exec(type)?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset)) throw unsupportedMediaType('A body is UTF-8. Send it as that.');
}

async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    // The rest of a refused body is left to be drained: cutting the connection would lose the answer.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) break;
      chunks.push(chunk);
    }
  } catch {
    throw notUnderstood('The body broke off.');
  }
  if (size > limit) throw bodyTooLarge(limit);
  return Buffer.concat(chunks, size);
}

/**
 * The JSON of a request's body; undefined when there is none, or none that says it is JSON.
 *
 * @throws DustError `invalid_params` for JSON that holds more than a request may, `http` with status 400 for malformed
 * JSON, and as {@link readText} does
 */
export async function readJson(c: RequestContext, limit: number): Promise<TypedJson | undefined> {
  const text = await readText(c.env.incoming, limit);
  if (text === '' || !/^application\/([\w.-]+\+)?json *(;|$)/i.test(c.req.header('content-type') ?? '')) {
    return undefined;
  }
  try {
    return TypedJson.parse(text);
  } catch (error) {
    if (error instanceof ShapeExceeded) throw badRequest(`The body ${error.message}.`);
    throw notUnderstood('The body is not JSON.');
  }
}
