import { types } from 'node:util';
import { notFileContent } from '../prepare/field-errors.js';

/** What can be stored in a `@FileField`. Text is stored as UTF-8. Streams are read to their end before anything is sent. */
export type FileSource = Uint8Array | string | AsyncIterable<Uint8Array | string>;

/**
 * The bytes of a file source.
 *
 * @throws DustError `invalid_value` for anything that is none
 */
export async function readFileSource(source: FileSource): Promise<Uint8Array> {
  if (typeof source === 'string') return new TextEncoder().encode(source);
  if (types.isUint8Array(source)) return source;
  if (!isStream(source)) throw notFileContent('content', source);
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(bytesOf(chunk));
  return concat(chunks);
}

function isStream(source: unknown): boolean {
  return typeof source === 'object' && source !== null && Symbol.asyncIterator in source;
}

function bytesOf(chunk: unknown): Uint8Array {
  if (typeof chunk === 'string') return new TextEncoder().encode(chunk);
  if (types.isUint8Array(chunk)) return chunk;
  throw notFileContent('a chunk of the stream', chunk);
}

function concat(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
