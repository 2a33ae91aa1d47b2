import type { EntityMetadata } from '../../metadata/types.js';
import type { Path } from '../../protocol/paths/path.js';
import { childPath } from '../../protocol/paths/path.js';
import { hasRoomBelow } from '../../protocol/paths/path-length.js';
import type { ListQuery, RequestOptions, Transport } from '../../transport/transport.js';
import { existenceByName } from './named-reads.js';
import { CONCURRENT_READS, scanNamed } from './named-scan.js';

/** The part of a transport that tells what is there. */
export type ExistenceReader = Pick<
  Transport,
  'capabilities' | 'exists' | 'getMany' | 'listKeys' | 'subtrees'
>;

/** Those of the slugs whose record exists, in the order given: none that no store has room for; over a round trip in as few requests as {@link scanNamed} takes. */
export async function existingSlugs(
  transport: ExistenceReader,
  metadata: EntityMetadata,
  slugs: readonly string[],
  options: RequestOptions = {},
): Promise<string[]> {
  const { prefixPath, fields } = metadata;
  const existing = new Set<string>();
  const ask = async (slug: string): Promise<void> => {
    if (!hasRoomBelow(childPath(prefixPath, slug))) return;
    if (await transport.exists(childPath(prefixPath, slug), options)) existing.add(slug);
  };
  if (transport.capabilities.localReads) {
    for (let start = 0; start < slugs.length; start += CONCURRENT_READS) {
      await Promise.all(slugs.slice(start, start + CONCURRENT_READS).map(ask));
    }
  } else {
    const scan = {
      prefix: prefixPath,
      itemsPerRecord: fields.length,
      list: async (query: ListQuery) => {
        const { items, nextCursor } = await transport.listKeys(query);
        return { items: items.map((path) => ({ path })), nextCursor };
      },
      pathOf: ({ path }: { readonly path: Path }) => path,
      byName: existenceByName(transport, metadata),
    };
    for await (const { slug, items, alone } of scanNamed(slugs, scan, options)) {
      if (alone !== undefined) await Promise.all(alone.map(ask));
      else if (items.length > 0) existing.add(slug);
    }
  }
  return slugs.filter((slug) => existing.has(slug));
}
