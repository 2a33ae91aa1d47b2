import type { Database } from 'lmdb';
import type { BlobStorage, StoredBlob } from '../storage.js';
import type { WriteScope } from './write-scope.js';

/** Contents and their media types, each by hash. */
export class LmdbBlobStorage implements BlobStorage {
  readonly #contents: Database<Uint8Array, string>;
  readonly #types: Database<string, string>;
  readonly #scope: WriteScope;

  constructor(contents: Database<Uint8Array, string>, types: Database<string, string>, scope: WriteScope) {
    this.#contents = contents;
    this.#types = types;
    this.#scope = scope;
  }

  get(hash: string): StoredBlob | undefined {
    const contentType = this.#types.get(hash);
    const content = this.#contents.get(hash);
    return contentType === undefined || content === undefined ? undefined : { content, contentType };
  }

  has(hash: string): boolean {
    return this.#types.doesExist(hash);
  }

  put(hash: string, blob: StoredBlob): void {
    this.#scope.note();
    this.#contents.putSync(hash, blob.content);
    this.#types.putSync(hash, blob.contentType);
  }
}
