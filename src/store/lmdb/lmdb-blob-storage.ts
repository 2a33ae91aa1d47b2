import type { BlobStorage, StoredBlob } from '../storage.js';
import type { Databases } from './databases.js';
import type { GuardedDatabase } from './guarded-database.js';
import type { WriteScope } from './write-scope.js';

/** Contents, their media types and names, each by hash. */
export class LmdbBlobStorage implements BlobStorage {
  readonly #contents: GuardedDatabase<Uint8Array, string>;
  readonly #types: GuardedDatabase<string, string>;
  /** Older stores have none. */
  readonly #names: GuardedDatabase<string, string>;
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
    for (const length of this.#contents.range({}, ({ value }) => value.byteLength)) bytes += length;
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
    return this.#types.has(hash);
  }

  put(hash: string, blob: StoredBlob): void {
    this.#scope.note();
    if (this.#bytes !== undefined && !this.has(hash)) this.#bytes += blob.content.byteLength;
    this.#contents.put(hash, blob.content);
    this.#types.put(hash, blob.contentType);
    if (blob.filename !== undefined) this.#names.put(hash, blob.filename);
  }
}
