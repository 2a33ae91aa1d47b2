import { assertNotAborted } from '../../abort-listener.js';
import { assembleRecords, toStoredRecord } from '../../mapping/record-assembler.js';
import type { StoredRecord } from '../../mapping/types.js';
import type { EntityMetadata } from '../../metadata/types.js';
import { childPath } from '../../protocol/paths/path.js';
import { hasRoomBelow } from '../../protocol/paths/path-length.js';
import type { SlugRange } from '../../protocol/values/record-access.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { RequestOptions } from '../../transport/transport.js';
import type { LeafReader } from './leaf-pages.js';
import { firstPageSize, leafPages } from './leaf-pages.js';
import { byNameOver } from './named-reads.js';
import { CONCURRENT_READS, scanNamed } from './named-scan.js';
import type { AccessPath } from '../plan/plan.js';
import { rangesOf } from '../plan/plan.js';
import { slugListing } from './slug-listing.js';

/** Records, one after the other. */
export type Records = AsyncGenerator<StoredRecord, void, undefined>;

/** Which records are read, and how. */
export interface RecordRequest {
  /** Where they lie. No index. */
  readonly path: AccessPath;
  /** How many are likely to be consumed; reading goes on as they are. */
  readonly needed: number;
  readonly options: RequestOptions;
  readonly onStray: (leaf: Leaf) => void;
}

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

  /** The records asked for, in the order of the path, each page read when the one before has been consumed. */
  stream(request: RecordRequest): Records {
    assertNotAborted(request.options.signal);
    return this.#on(request.path, request);
  }

  async *#on(path: AccessPath, request: RecordRequest): Records {
    if (path.by === 'slugs') {
      yield* this.#named(path.slugs, request.options);
    } else if (path.by === 'several') {
      const seen = new Set<string>();
      for (const each of path.paths) {
        for await (const record of this.#on(each, request)) {
          if (seen.has(record.slug)) continue;
          seen.add(record.slug);
          yield record;
        }
      }
    } else {
      for (const range of rangesOf(path)) yield* this.#within(range, request);
    }
  }

  /** The records with these slugs, as far as they exist; in store order if the slugs are. */
  async *#named(slugs: readonly string[], options: RequestOptions): Records {
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
      isOfOneMoment: true,
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

  /** The records of a range of slugs. */
  async *#within(range: SlugRange, { needed, options, onStray }: RecordRequest): Records {
    const { prefixPath, fields } = this.#metadata;
    const listing = slugListing(prefixPath, range);
    const pages = leafPages(this.#transport, listing.query, firstPageSize(needed, fields.length), options);
    const reread = (slug: string): Promise<readonly Leaf[]> => this.#leaves(slug, options);
    const { order } = listing.query;
    for await (const record of assembleRecords(prefixPath, pages, {
      ...(order === undefined ? {} : { order }),
      onStray,
      reread,
    })) {
      const side = listing.place(record.slug);
      if (side === 'behind') return;
      if (side === 'within') yield record;
    }
  }

  async *#alone(slugs: readonly string[], options: RequestOptions): Records {
    for (let start = 0; start < slugs.length; start += CONCURRENT_READS) {
      const chunk = slugs.slice(start, start + CONCURRENT_READS);
      const records = await Promise.all(chunk.map((slug) => this.read(slug, options)));
      for (const record of records) if (record !== undefined) yield record;
    }
  }

  /** None of a record that no store has room for. */
  async #leaves(slug: string, options: RequestOptions): Promise<readonly Leaf[]> {
    const path = childPath(this.#metadata.prefixPath, slug);
    return hasRoomBelow(path) ? this.#transport.subtree(path, options) : [];
  }
}
