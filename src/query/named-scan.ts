import { comparePaths, rangeBelow } from '../protocol/order.js';
import type { Path } from '../protocol/path.js';
import { childPath, isBelow } from '../protocol/path.js';
import type { ListPage, ListQuery, RequestOptions } from '../transport/transport.js';
import { MAX_PAGE_SIZE } from '../transport/transport.js';
import { compareSlugs } from './slug-order.js';

/** Records that are read by slug at the same time. */
export const CONCURRENT_READS = 16;
/** So many in all are read by slug: a page would hold more of others. */
const FEW = 4;
/** Items that cost no more than their request does. */
const SMALL_PAGE = 100;
/** How many named records a page must tell of to be worth its request. */
const WORTH_A_PAGE = 2;

/** Where pages come from, and what is on them. */
export interface NamedScan<Item> {
  readonly prefix: Path;
  /** About how many items a record has. */
  readonly itemsPerRecord: number;
  readonly list: (query: ListQuery) => Promise<ListPage<Item>>;
  readonly pathOf: (item: Item) => Path;
}

/** What a page told of one record, nothing when it is not there; or slugs that no page tells of: they are to be read by themselves. */
export type NamedStep<Item> =
  | { readonly slug: string; readonly items: readonly Item[]; readonly alone?: undefined }
  | { readonly alone: readonly string[]; readonly slug?: undefined; readonly items?: undefined };

/**
 * What lies below records that were named, in store order and in few requests: pages of the prefix, each begun at
 * the next record that is wanted, as long as a page tells of several. One page is one moment, and a record that it cuts begins the
 * next. Where those wanted lie far apart they are read by themselves, so that a long list costs hardly more requests than it names.
 */
export async function* scanNamed<Item>(
  slugs: readonly string[],
  scan: NamedScan<Item>,
  options: RequestOptions,
): AsyncGenerator<NamedStep<Item>, void, undefined> {
  const wanted = slugs.toSorted(compareSlugs);
  for (let next = 0; next < wanted.length;) {
    let told = 0;
    if (slugs.length > FEW && wanted.length - next > 1) {
      const page = await pageFrom(wanted[next] ?? '', wanted.length - next, scan, options);
      const found = itemsByRecord(scan, page.items);
      for (; isWhole(scan, page, wanted[next + told]); told++) {
        const slug = wanted[next + told] ?? '';
        yield { slug, items: found.get(childPath(scan.prefix, slug)) ?? [] };
      }
    }
    next += told;
    if (told >= WORTH_A_PAGE) continue;
    const alone = wanted.slice(next, next + CONCURRENT_READS);
    if (alone.length > 0) yield { alone };
    next += alone.length;
  }
}

/** The range begins at the record's own path, and not below it, which is no path (PROTOCOL §1). */
function pageFrom<Item>(
  first: string,
  count: number,
  { prefix, itemsPerRecord, list }: NamedScan<Item>,
  options: RequestOptions,
): Promise<ListPage<Item>> {
  const likely = 2 * count * Math.max(1, itemsPerRecord);
  const limit = Math.min(MAX_PAGE_SIZE, Math.max(SMALL_PAGE, likely));
  const from = childPath(prefix, first);
  return list({ ...options, from, to: rangeBelow(prefix).to, limit });
}

function itemsByRecord<Item>({ prefix, pathOf }: NamedScan<Item>, items: readonly Item[]): Map<Path, Item[]> {
  const found = new Map<Path, Item[]>();
  for (const item of items) {
    const path = pathOf(item);
    const end = path.indexOf('/', prefix.length + 1);
    // A value at a record's own path is no part of it, and may lie on another page.
    if (end === -1) continue;
    const record = path.slice(0, end);
    const group = found.get(record);
    if (group === undefined) found.set(record, [item]);
    else group.push(item);
  }
  return found;
}

/** Whether all of the record is on the page: the page goes on behind it, or is the last. */
function isWhole<Item>(
  { prefix }: NamedScan<Item>,
  { nextCursor }: ListPage<Item>,
  slug: string | undefined,
): boolean {
  if (slug === undefined) return false;
  if (nextCursor === null) return true;
  const record = childPath(prefix, slug);
  return comparePaths(nextCursor, `${record}/`) > 0 && !isBelow(nextCursor, record);
}
