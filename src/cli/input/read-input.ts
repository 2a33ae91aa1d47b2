import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { untilAborted } from '../../transport/abort.js';
import type { CliContext } from '../context.js';
import { fileFailed } from '../errors.js';

/** The chunks of a named file, or of standard input for `-`. Ends with `aborted` when the command is to stop. */
export async function* readInput(
  file: string,
  { io, signal }: CliContext,
): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder('utf8');
  const path = resolve(io.cwd, file);
  const chunks = file === '-' ? io.stdin : createReadStream(path);
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await untilAborted(iterator.next(), signal).catch((error: unknown) => {
        throw file === '-' || signal.aborted ? error : fileFailed('read', path, error);
      });
      if (next.done === true) break;
      yield typeof next.value === 'string' ? next.value : decoder.write(Buffer.from(next.value));
    }
    yield decoder.end();
  } finally {
    // Not awaited: a read that was called off may be waiting for a person to type.
    iterator.return?.().catch(() => undefined);
  }
}

/** All of it, as one text. */
export async function readWhole(file: string, context: CliContext): Promise<string> {
  let text = '';
  for await (const chunk of readInput(file, context)) text += chunk;
  return text;
}

/** Its lines, without their ends and without empty ones. */
export async function* readLines(file: string, context: CliContext): AsyncGenerator<string, void, undefined> {
  let rest = '';
  for await (const chunk of readInput(file, context)) {
    const lines = (rest + chunk).split(/\r?\n/);
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield line;
  }
  if (rest.trim() !== '') yield rest;
}
