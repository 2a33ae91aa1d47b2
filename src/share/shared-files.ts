import { checkFileLabels } from '../protocol/requests/file-labels.js';
import type { FileToStore } from '../transport/channel/index.js';
import type { HttpClient } from '../transport/http/index.js';
import type { FileReceipt } from '../transport/transport.js';
import { assertDone } from './desk-answer.js';
import { unreadableReceipt } from './errors.js';
import type { FileAnswer, FileNote } from './file-desk.js';
import { FILE_HEADER, FILE_ROUTE } from './wire-names.js';

/** Brings files to whoever has a shared folder. */
export class SharedFiles {
  readonly #client: HttpClient;

  /** @param client closed with this */
  constructor(client: HttpClient) {
    this.#client = client;
  }

  /** Has a file stored. @throws DustError what the store refuses it with, and as every write of a shared folder */
  readonly store = async (file: FileToStore): Promise<FileReceipt> => {
    const { path, content, filename, contentType, clientOpId, deviceId, signal } = file;
    // What is said of it goes in a header, which has not room for everything.
    checkFileLabels({ filename, contentType }, path);
    const note: FileNote = { path, filename, contentType, clientOpId, deviceId };
    const { status, body } = await this.#client.send({
      method: 'POST',
      target: FILE_ROUTE,
      effect: 'once',
      content,
      contentType: 'application/octet-stream',
      headers: {
        [FILE_HEADER]: Buffer.from(JSON.stringify(note)).toString('base64url'),
        'X-Request-Id': clientOpId,
      },
      path,
      signal,
    });
    return receiptIn(body, path, status);
  };

  close(): void {
    this.#client.close();
  }
}

function receiptIn(body: unknown, path: string, status: number): FileReceipt {
  const answer = body as FileAnswer;
  assertDone(answer, status);
  const { hash, storeSeq } = answer;
  if (hash === undefined || storeSeq === undefined) throw unreadableReceipt(path);
  return { hash, storeSeq };
}
