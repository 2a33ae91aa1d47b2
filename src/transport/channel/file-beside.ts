import { randomUUID } from 'node:crypto';
import type { Path } from '../../protocol/paths/path.js';
import type { FileReceipt, FileUpload } from '../transport.js';
import type { BatchLine } from './batch-line.js';
import type { ChannelBatches } from './channel-batches.js';
import type { ChannelEngine } from './engine.js';

/** A file with all that a store notes of it. */
export interface FileToStore extends FileUpload {
  readonly path: Path;
  readonly content: Uint8Array;
  readonly clientOpId: string;
  /** Who writes it. */
  readonly deviceId: string;
}

/** Stores a file in another way than the channel's messages. Resolves when it is committed. @throws DustError what it is refused with */
export type StoreFile = (file: FileToStore) => Promise<FileReceipt>;

/** Stores files beside the channel, whose messages hold no more than a server takes at once. */
export class FilesBeside {
  readonly #store: StoreFile;
  readonly #line: BatchLine;
  readonly #batches: Pick<ChannelBatches, 'settled'>;

  constructor(store: StoreFile, line: BatchLine, batches: Pick<ChannelBatches, 'settled'>) {
    this.#store = store;
    this.#line = line;
    this.#batches = batches;
  }

  /** As patient as any write; resolves when every read sees it. @throws DustError what it is refused with */
  async put(
    engine: ChannelEngine,
    deviceId: string,
    file: Pick<FileToStore, 'path' | 'content'> & FileUpload,
  ): Promise<FileReceipt> {
    const { clientOpId = randomUUID(), content, signal } = file;
    // As it is now: whoever gave it may write to it before it is sent.
    const sent = { ...file, content: new Uint8Array(content), clientOpId, deviceId };
    const receipt = await this.#line.run({
      send: () => this.#store(sent),
      bytes: () => content.byteLength,
      signal,
    });
    await this.#batches.settled(receipt.storeSeq, engine.reach(receipt.storeSeq));
    return receipt;
  }
}
