import { assertNotAborted } from '../../abort-listener.js';
import type { LeafPage } from '../../mapping/record-assembler.js';
import { assembleRecords, toStoredRecord } from '../../mapping/record-assembler.js';
import type { StoredRecord } from '../../mapping/types.js';
import type { EntityMetadata } from '../../metadata/types.js';
import { childPath } from '../../protocol/path.js';
import type { Leaf } from '../../protocol/value.js';
import type { RequestOptions } from '../../transport/transport.js';
import type { LeafReader } from './leaf-pages.js';
import { firstPageSize, leafPages } from './leaf-pages.js';
import { byNameOver } from './named-reads.js';
import { CONCURRENT_READS, scanNamed } from './named-scan.js';
import { OneMoment } from './one-moment.js';

/** Records, one after the other. */
export type Records = AsyncGenerator<StoredRecord, void, undefined>;

/** Which records are read, and how. */
export interface RecordRequest {
  /** Only those with these slugs, distinct and in store order; all of them when undefined. */
  readonly slugs: readonly string[] | undefined;
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

  /** The records asked for, in store order, each page read when the one before has been consumed. */
  stream(request: RecordRequest): Records {
    assertNotAborted(request.options.signal);
    return request.slugs === undefined ? this.#all(request) : this.#named(request.slugs, request.options);
  }

  /**
   * What `fold` makes of the records asked for. Where reads are answered in this process these are of one moment: page after page
   * as long as nobody writes, and all in one go, from the beginning, when somebody did. `fold` must do nothing but read.
   */
  async whole<R>(request: RecordRequest, fold: (records: Records) => Promise<R>): Promise<R> {
    assertNotAborted(request.options.signal);
    const moment = new OneMoment(this.#transport, this.#metadata.prefixPath);
    const result = await fold(
      request.slugs === undefined
        ? this.#all(request, moment)
        : this.#named(request.slugs, request.options, moment),
    );
    return moment.isOver ? fold(this.#inOneGo(request)) : result;
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

  /** All records in store order, or as many as were read before `moment` was over. */
  #all({ needed, options, onStray }: RecordRequest, moment?: OneMoment): Records {
    const { prefixPath, fields } = this.#metadata;
    const pages = leafPages(this.#transport, prefixPath, firstPageSize(needed, fields.length), options);
    const reread = async (slug: string): Promise<readonly Leaf[]> => {
      const leaves = await this.#leaves(slug, options);
      moment?.lasts();
      return leaves;
    };
    return assembleRecords(prefixPath, whileLasting(pages, moment), { onStray, reread });
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
  async *#inOneGo({ slugs, options, onStray }: RecordRequest): Records {
    const { prefixPath } = this.#metadata;
    if (slugs === undefined) {
      const leaves = await this.#transport.subtree(prefixPath, options);
      const page = { items: leaves.filter(({ path }) => path !== prefixPath), nextCursor: null };
      yield* assembleRecords(prefixPath, [page], { onStray, reread: () => Promise.resolve([]) });
      return;
    }
    for (const record of await Promise.all(slugs.map((slug) => this.read(slug, options)))) {
      if (record !== undefined) yield record;
    }
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
