import type { StoredRecord } from '../mapping/types.js';
import type { EntityMetadata } from '../metadata/types.js';
import { childPath } from '../protocol/path.js';
import type { RequestOptions } from '../transport/transport.js';
import { assembleRecords, storedRecord } from './assemble-records.js';
import type { LeafReader } from './leaf-pages.js';
import { firstPageSize, leafPages } from './leaf-pages.js';

/** Records that are read by slug at the same time. */
const CONCURRENT_READS = 16;

type RecordPages = AsyncGenerator<readonly StoredRecord[], void, undefined>;

/** The stored records of one entity class, each whole and as it stood at one moment. */
export class RecordSource {
  readonly #transport: LeafReader;
  readonly #metadata: EntityMetadata;

  constructor(transport: LeafReader, metadata: EntityMetadata) {
    this.#transport = transport;
    this.#metadata = metadata;
  }

  /** The record with this slug; `undefined` when there is none. */
  async read(slug: string, options: RequestOptions): Promise<StoredRecord | undefined> {
    const path = childPath(this.#metadata.prefixPath, slug);
    return storedRecord(slug, await this.#transport.subtree(path, options));
  }

  /** The records with these slugs, as far as they exist, in the order of `slugs`. */
  async *named(slugs: readonly string[], options: RequestOptions): RecordPages {
    for (let start = 0; start < slugs.length; start += CONCURRENT_READS) {
      const chunk = slugs.slice(start, start + CONCURRENT_READS);
      const records = await Promise.all(chunk.map((slug) => this.read(slug, options)));
      yield records.filter((record) => record !== undefined);
    }
  }

  /** All records in store order; `needed` says how many will probably be consumed. */
  all(needed: number, options: RequestOptions): RecordPages {
    const { prefixPath, fields } = this.#metadata;
    const pages = leafPages(this.#transport, prefixPath, firstPageSize(needed, fields.length), options);
    return assembleRecords(pages, prefixPath, (slug) => this.read(slug, options));
  }
}
