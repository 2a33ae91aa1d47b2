import type { Readable } from 'node:stream';

/** Thrown when a body is longer than allowed. */
export class BodyTooLarge extends Error {
  readonly limit: number;

  constructor(limit: number) {
    super(`The body is longer than ${limit} bytes.`);
    this.limit = limit;
  }
}

/**
 * The whole body.
 *
 * @throws BodyTooLarge beyond `limit` bytes, counted after decompression; whatever breaks the stream
 */
export async function readBytes(body: Readable, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunksOf(body)) {
    length += chunk.byteLength;
    if (length > limit) throw new BodyTooLarge(limit);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

/** As much of a body as arrives, up to `limit` bytes. For bodies of errors: the status counts, with or without them. */
export async function readBeginning(body: Readable, limit: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of chunksOf(body)) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length > limit) break;
    }
  } catch {
    return text;
  }
  return text;
}

/** The body's bytes as text, without a byte order mark. */
export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** The chunks of a body that is read as bytes. */
export function chunksOf(body: Readable): AsyncIterable<Uint8Array> {
  return body;
}
