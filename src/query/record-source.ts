import { assembleRecords, toStoredRecord } from '../mapping/record-assembler.js';
import type { StoredRecord } from '../mapping/types.js';
import type { EntityMetadata } from '../metadata/types.js';
import { childPath } from '../protocol/path.js';
import type { Leaf } from '../protocol/value.js';
import type { RequestOptions } from '../transport/transport.js';
import type { LeafReader } from './leaf-pages.js';
import { firstPageSize, leafPages } from './leaf-pages.js';
import { byNameOver } from './named-reads.js';
import { CONCURRENT_READS, scanNamed } from './named-scan.js';

type Records = AsyncGenerator<StoredRecord, void, undefined>;

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
    return toStoredRecord(this.#metadata.prefixPath, slug, await this.#leaves(slug, options));
  }

  /** The records with these slugs, as far as they exist; in store order if the slugs are. */
  async *named(slugs: readonly string[], options: RequestOptions): Records {
    if (this.#transport.capabilities?.localReads !== false) {
      yield* this.#alone(slugs, options);
      return;
    }
    const { prefixPath, fields } = this.#metadata;
    const scan = {
      prefix: prefixPath,
      itemsPerRecord: fields.length,
      list: this.#transport.list.bind(this.#transport),
      pathOf: ({ path }: Leaf) => path,
      byName: byNameOver(this.#transport, prefixPath),
    };
    for await (const { slug, items, alone } of scanNamed(slugs, scan, options)) {
      if (alone !== undefined) {
        yield* this.#alone(alone, options);
      } else {
        const record = toStoredRecord(prefixPath, slug, items);
        if (record !== undefined) yield record;
      }
    }
  }

  /** All records in store order. `needed` says how many are likely to be consumed; reading goes on as they are. */
  all(needed: number, options: RequestOptions, onStray: (leaf: Leaf) => void): Records {
    const { prefixPath, fields } = this.#metadata;
    const pages = leafPages(this.#transport, prefixPath, firstPageSize(needed, fields.length), options);
    return assembleRecords(prefixPath, pages, { onStray, reread: (slug) => this.#leaves(slug, options) });
  }

  async *#alone(slugs: readonly string[], options: RequestOptions): Records {
    for (let start = 0; start < slugs.length; start += CONCURRENT_READS) {
      const chunk = slugs.slice(start, start + CONCURRENT_READS);
      for (const record of await Promise.all(chunk.map((slug) => this.read(slug, options)))) {
        if (record !== undefined) yield record;
      }
    }
  }

  #leaves(slug: string, options: RequestOptions): Promise<readonly Leaf[]> {
    return this.#transport.subtree(childPath(this.#metadata.prefixPath, slug), options);
  }
}
