import type { Database } from 'lmdb';
import type { BlobStorage, StoredBlob } from '../storage.js';
import type { Databases } from './databases.js';
import type { WriteScope } from './write-scope.js';

/** Contents, their media types and names, each by hash. */
export class LmdbBlobStorage implements BlobStorage {
  readonly #contents: Database<Uint8Array, string>;
  readonly #types: Database<string, string>;
  /** Older stores have none. */
  readonly #names: Database<string, string>;
  readonly #scope: WriteScope;
  /** Undefined until somebody asks. */
  #bytes: number | undefined;

  constructor(
    { contents, contentTypes, filenames }: Pick<Databases, 'contents' | 'contentTypes' | 'filenames'>,
    scope: WriteScope,
  ) {
    this.#contents = contents;
    this.#types = contentTypes;
    this.#names = filenames;
    this.#scope = scope;
  }

  /** Bytes of all contents. The first call looks at each of them. */
  get bytes(): number {
    if (this.#bytes !== undefined) return this.#bytes;
    let bytes = 0;
    for (const { value } of this.#contents.getRange()) bytes += value.byteLength;
    return (this.#bytes = bytes);
  }

  /** Forgets what was counted. */
  reload(): void {
    this.#bytes = undefined;
  }

  get(hash: string): StoredBlob | undefined {
    const contentType = this.#types.get(hash);
    const content = this.#contents.get(hash);
    if (contentType === undefined || content === undefined) return undefined;
    return { content, contentType, filename: this.#names.get(hash) };
  }

  has(hash: string): boolean {
    return this.#types.doesExist(hash);
  }

  put(hash: string, blob: StoredBlob): void {
    this.#scope.note();
    if (this.#bytes !== undefined && !this.has(hash)) this.#bytes += blob.content.byteLength;
    this.#contents.putSync(hash, blob.content);
    this.#types.putSync(hash, blob.contentType);
    if (blob.filename !== undefined) this.#names.putSync(hash, blob.filename);
  }
}
