import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FileReceipt } from '../transport/transport.js';
import type { PutFileRequest, Store } from '../store/index.js';
import type { TellsFailure } from './desk-answer.js';
import { failureOf } from './desk-answer.js';
import { FILE_HEADER, FILE_ROUTE } from './wire-names.js';

/** What is noted of a file beside its bytes. */
export type FileNote = Omit<PutFileRequest, 'content' | 'fence'>;

/** What the owner answers. */
export type FileAnswer = TellsFailure & Partial<FileReceipt>;

/** A request that is no file with a note. */
const MALFORMED = { kind: 'invalid_params', detail: 'malformed_file' } as const;

/** Stores files for all who share a folder: their bytes as they are, of any length that the store takes. */
export class FileDesk {
  readonly #store: Pick<Store, 'putFile'>;

  constructor(store: Pick<Store, 'putFile'>) {
    this.#store = store;
  }

  /** Answers a request that brings a file. Whether it was one. */
  readonly answers = (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.method !== 'POST' || request.url !== FILE_ROUTE) return false;
    void this.#answer(request, response);
    return true;
  };

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Whoever brought it may have gone.
    response.on('error', () => undefined);
    const answer = await this.#carryOut(request);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer));
  }

  async #carryOut(request: IncomingMessage): Promise<FileAnswer> {
    try {
      const note = noteIn(request);
      return await this.#store.putFile({ ...note, content: await bytesOf(request) });
    } catch (error) {
      return failureOf(error, MALFORMED);
    }
  }
}

function noteIn({ headers }: IncomingMessage): FileNote {
  const note: unknown = headers[FILE_HEADER];
  if (typeof note !== 'string') throw new TypeError('the request says nothing of the file');
  return JSON.parse(Buffer.from(note, 'base64url').toString()) as FileNote;
}

/** Into the place that they will have: no part of them is held twice. */
async function bytesOf(request: IncomingMessage): Promise<Uint8Array> {
  const length = Number(request.headers['content-length']);
  if (!Number.isSafeInteger(length)) throw new RangeError('the request does not say how long the file is');
  const content = new Uint8Array(length);
  let at = 0;
  for await (const part of request as AsyncIterable<Uint8Array>) {
    content.set(part, at);
    at += part.byteLength;
  }
  if (at < length) throw new RangeError('the file was cut off');
  return content;
}
