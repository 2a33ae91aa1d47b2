import { assertNotAborted } from '../../abort-listener.js';
import type { LeafPage } from '../../mapping/record-assembler.js';
import { assembleRecords, toStoredRecord } from '../../mapping/record-assembler.js';
import type { StoredRecord } from '../../mapping/types.js';
import type { EntityMetadata } from '../../metadata/types.js';
import { childPath } from '../../protocol/path.js';
import type { SlugRange } from '../../protocol/record-access.js';
import type { Leaf } from '../../protocol/value.js';
import type { RequestOptions } from '../../transport/transport.js';
import type { LeafReader } from './leaf-pages.js';
import { firstPageSize, leafPages } from './leaf-pages.js';
import { byNameOver } from './named-reads.js';
import { CONCURRENT_READS, scanNamed } from './named-scan.js';
import type { AccessPath } from '../plan/plan.js';
import { rangesOf } from '../plan/plan.js';
import { OneMoment } from './one-moment.js';
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

  /**
   * What `fold` makes of the records asked for. Where reads are answered in this process these are of one moment: page after page
   * as long as nobody writes, and all in one go, from the beginning, when somebody did. `fold` must do nothing but read.
   */
  async whole<R>(request: RecordRequest, fold: (records: Records) => Promise<R>): Promise<R> {
    assertNotAborted(request.options.signal);
    const moment = new OneMoment(this.#transport, this.#metadata.prefixPath);
    const result = await fold(this.#on(request.path, request, moment));
    return moment.isOver ? fold(this.#inOneGo(request)) : result;
  }

  async *#on(path: AccessPath, request: RecordRequest, moment?: OneMoment): Records {
    if (path.by === 'slugs') {
      yield* this.#named(path.slugs, request.options, moment);
    } else if (path.by === 'several') {
      const seen = new Set<string>();
      for (const each of path.paths) {
        for await (const record of this.#on(each, request, moment)) {
          if (seen.has(record.slug)) continue;
          seen.add(record.slug);
          yield record;
        }
      }
    } else {
      for (const range of rangesOf(path)) yield* this.#within(range, request, moment);
    }
  }

  /** The records with these slugs, as far as they exist; in store order if the slugs are. */
  async *#named(slugs: readonly string[], options: RequestOptions, moment?: OneMoment): Records {
    if (this.#transport.capabilities?.localReads !== false) {
      yield* this.#alone(slugs, options, moment);
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

  /** The records of a range of slugs, or as many as were read before `moment` was over. */
  async *#within(range: SlugRange, { needed, options, onStray }: RecordRequest, moment?: OneMoment): Records {
    const { prefixPath, fields } = this.#metadata;
    const listing = slugListing(prefixPath, range);
    const pages = leafPages(this.#transport, listing.query, firstPageSize(needed, fields.length), options);
    const reread = async (slug: string): Promise<readonly Leaf[]> => {
      const leaves = await this.#leaves(slug, options);
      moment?.lasts();
      return leaves;
    };
    const { order } = listing.query;
    for await (const record of assembleRecords(prefixPath, whileLasting(pages, moment), {
      ...(order === undefined ? {} : { order }),
      onStray,
      reread,
    })) {
      const side = listing.place(record.slug);
      if (side === 'behind') return;
      if (side === 'within') yield record;
    }
  }

  async *#alone(slugs: readonly string[], options: RequestOptions, moment?: OneMoment): Records {
    for (let start = 0; start < slugs.length; start += CONCURRENT_READS) {
      const chunk = slugs.slice(start, start + CONCURRENT_READS);
      const records = await Promise.all(chunk.map((slug) => this.read(slug, options)));
      if (start > 0 && moment?.lasts() === false) return;
      for (const record of records) if (record !== undefined) yield record;
    }
  }

  /** The records asked for, of one moment: read before anything else can happen. Holds them all. */
  async *#inOneGo({ path, options, onStray }: RecordRequest): Records {
    const { prefixPath } = this.#metadata;
    if (path.by === 'slugs') {
      for (const record of await Promise.all(path.slugs.map((slug) => this.read(slug, options)))) {
        if (record !== undefined) yield record;
      }
      return;
    }
    const leaves = await this.#transport.subtree(prefixPath, options);
    const page = { items: leaves.filter(({ path: own }) => own !== prefixPath), nextCursor: null };
    yield* assembleRecords(prefixPath, [page], { onStray, reread: () => Promise.resolve([]) });
  }

  #leaves(slug: string, options: RequestOptions): Promise<readonly Leaf[]> {
    return this.#transport.subtree(childPath(this.#metadata.prefixPath, slug), options);
  }
}

/** The pages up to the first that is of another moment. */
async function* whileLasting(
  pages: AsyncIterable<LeafPage>,
  moment: OneMoment | undefined,
): AsyncGenerator<LeafPage, void, undefined> {
  let isFirst = true;
  for await (const page of pages) {
    if (!isFirst && moment?.lasts() === false) return;
    isFirst = false;
    yield page;
  }
}
