import { comparePaths, rangeBelow } from '../../protocol/paths/order.js';
import type { Path } from '../../protocol/paths/path.js';
import { childPath, isBelow } from '../../protocol/paths/path.js';
import { hasRoomBelow } from '../../protocol/paths/path-length.js';
import type { ListPage, ListQuery, RequestOptions } from '../../transport/transport.js';
import { MAX_PAGE_SIZE } from '../../transport/transport.js';
import { compareSlugs } from '../values/slug-order.js';

/** Records that are read by slug at the same time. */
export const CONCURRENT_READS = 16;
/** So many in all are read by slug: a page would hold more of others. */
const FEW = 4;
/** Items that cost no more than their request does. */
const SMALL_PAGE = 100;
/** How many named records a page must tell of to be worth its request. */
const WORTH_A_PAGE = 2;
/** How many pages are rather read than a request by name is made. */
const WORTH_OF_A_NAMED_READ = 2;

/** Where pages come from, and what is on them. */
export interface NamedScan<Item> {
  readonly prefix: Path;
  /** About how many items a record has. */
  readonly itemsPerRecord: number;
  readonly list: (query: ListQuery) => Promise<ListPage<Item>>;
  readonly pathOf: (item: Item) => Path;
  /** For records that lie far apart. Left out where the transport has none. */
  readonly byName?: ByName<Item> | undefined;
  /** Whether a few records are read by name however close they lie: what one request answers is of one moment. */
  readonly isOfOneMoment?: boolean;
}

/** Reads of records by their names, many in one request. */
export interface ByName<Item> {
  /** How many slugs one request takes. */
  readonly perRequest: number;
  /** The items of these records, none for those that are known not to be there. Nothing of those that are to be looked for on pages. */
  readonly read: (
    slugs: readonly string[],
    options: RequestOptions,
  ) => Promise<ReadonlyMap<string, readonly Item[]>>;
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
  const wanted: string[] = [];
  for (const slug of slugs.toSorted(compareSlugs)) {
    if (hasRoomBelow(childPath(scan.prefix, slug))) wanted.push(slug);
    else yield { slug, items: [] };
  }
  const { byName, isOfOneMoment } = scan;
  if (isOfOneMoment === true && byName !== undefined && isAFew(wanted.length)) {
    yield* readByName(wanted, scan, byName, options);
    return;
  }
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
    const rest = wanted.length - next;
    if (scan.byName !== undefined && isFarApart(rest, told, scan.byName)) {
      yield* readByName(wanted.slice(next), scan, scan.byName, options);
      return;
    }
    if (told >= WORTH_A_PAGE) continue;
    const alone = wanted.slice(next, next + CONCURRENT_READS);
    if (alone.length > 0) yield { alone };
    next += alone.length;
  }
}

/** Whether they take one request by name and would take one or several without. */
function isAFew(count: number): boolean {
  return count > 1 && count <= CONCURRENT_READS;
}

/** Whether as many more as a page tells of would take more pages than it is worth. A request by name counts as a write (PROTOCOL §3). */
function isFarApart<Item>(rest: number, told: number, { perRequest }: ByName<Item>): boolean {
  return rest > CONCURRENT_READS && rest > told * WORTH_OF_A_NAMED_READ * Math.ceil(rest / perRequest);
}

async function* readByName<Item>(
  wanted: readonly string[],
  scan: NamedScan<Item>,
  { perRequest, read }: ByName<Item>,
  options: RequestOptions,
): AsyncGenerator<NamedStep<Item>, void, undefined> {
  const others: string[] = [];
  for (let next = 0; next < wanted.length; next += perRequest) {
    const slugs = wanted.slice(next, next + perRequest);
    const found = await read(slugs, options);
    for (const slug of slugs) {
      const items = found.get(slug);
      if (items === undefined) others.push(slug);
      else yield { slug, items };
    }
  }
  if (others.length > 0) yield* scanNamed(others, { ...scan, byName: undefined }, options);
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
