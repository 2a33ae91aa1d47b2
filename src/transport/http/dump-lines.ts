import { Readable } from 'node:stream';
import { unexpectedResponse } from './errors.js';

/**
 * The lines of a streamed body, without their ends and without empty ones. Ends the download when the reader stops.
 *
 * @throws what the stream breaks with
 */
export async function* linesOf(body: unknown): AsyncGenerator<string, void, undefined> {
  if (!(body instanceof Readable)) throw unexpectedResponse('a stream');
  const chunks: AsyncIterable<Uint8Array> = body;
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

const HEADER = /^\s*\{\s*"_header"/;

/** Every line of a dump but its header is a leaf. */
export function leafLinesIn(lines: string): number {
  const count = lines.split('\n').filter((line) => line.trim() !== '').length;
  return HEADER.test(lines) ? count - 1 : count;
}
