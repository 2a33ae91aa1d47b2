import type {
  ListPage,
  RequestOptions,
  Transport,
  TransportCapabilities,
} from '../../transport/transport.js';
import { MAX_PAGE_SIZE } from '../../transport/transport.js';
import type { SlugListing } from './slug-listing.js';

/** The part of a transport that reads records. Without capabilities its reads take no round trip. */
export type LeafReader = Pick<Transport, 'list' | 'localRecords' | 'subtree' | 'subtrees' | 'barrier'> & {
  readonly capabilities?: Pick<TransportCapabilities, 'localReads' | 'subtrees' | 'barrier'>;
};

/** How many times larger each page is than the one before, up to {@link MAX_PAGE_SIZE}. */
const GROWTH = 4;

/** The leaves to ask for first: those of `records` records, and one more to see the end of the last. */
export function firstPageSize(records: number, leavesPerRecord: number): number {
  return Math.min(records * Math.max(1, leavesPerRecord) + 1, MAX_PAGE_SIZE);
}

/**
 * The leaves of a listing. Each page is asked for when the one before has been worked off, and pages
 * grow: a read that ends early stays small, a long one takes few steps.
 */
export async function* leafPages(
  transport: LeafReader,
  listing: SlugListing['query'],
  firstLimit: number,
  options: RequestOptions,
): AsyncGenerator<ListPage, void, undefined> {
  const request = { ...options, ...listing };
  let page = await transport.list({ ...request, limit: firstLimit });
  yield page;
  for (let limit = firstLimit * GROWTH; page.nextCursor !== null; limit *= GROWTH) {
    page = await transport.list({
      ...request,
      limit: Math.min(limit, MAX_PAGE_SIZE),
      after: page.nextCursor,
    });
    yield page;
  }
}
