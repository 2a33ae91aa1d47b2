import { MAX_PAGE_SIZE } from '../../protocol/requests/listing.js';
import type { ListPage } from '../../protocol/requests/listing.js';
import type { Path } from '../../protocol/paths/path.js';
import { Pattern } from '../../protocol/paths/pattern.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { ListQuery, Transport } from '../../transport/transport.js';

/** What is listed of each leaf. */
export type ListedItem = Leaf | { readonly path: Path };

/** Which leaves are listed, and how many at most. */
export interface LeafListing {
  readonly pattern: string;
  readonly keys: boolean;
  readonly limit: number | undefined;
  readonly signal: AbortSignal;
}

/**
 * The leaves that match, in store order, a page at a time. A pattern without a wildcard stands for the leaf at that path
 * and all leaves below it.
 *
 * @throws DustError `invalid_params` for a malformed pattern; what the transport throws
 */
export async function* leafPages(
  transport: Transport,
  { pattern: source, keys, limit = Number.POSITIVE_INFINITY, signal }: LeafListing,
): AsyncGenerator<readonly ListedItem[], void, undefined> {
  const pattern = Pattern.parse(source);
  let wanted = limit;
  let scope = source;
  if (pattern.isLiteral && pattern.base !== undefined) {
    const leaf = (await transport.getMany([pattern.base], { signal })).get(pattern.base);
    if (leaf !== undefined) {
      yield [keys ? { path: leaf.path } : leaf];
      wanted -= 1;
    }
    // Not by a range: recorded servers take no end that is not a path itself (PROTOCOL §8).
    scope = `${source}/**`;
  }
  let after: Path | undefined;
  while (wanted > 0) {
    const query = { pattern: scope, after, limit: Math.min(wanted, MAX_PAGE_SIZE), signal };
    const { items, nextCursor } = await (keys ? keyPage(transport, query) : transport.list(query));
    yield items;
    if (nextCursor === null) return;
    wanted -= items.length;
    after = nextCursor;
  }
}

async function keyPage(transport: Transport, query: ListQuery): Promise<ListPage<{ readonly path: Path }>> {
  const { items, nextCursor } = await transport.listKeys(query);
  return { items: items.map((path) => ({ path })), nextCursor };
}
