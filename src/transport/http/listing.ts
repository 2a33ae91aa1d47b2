import { comparePaths } from '../../protocol/paths/order.js';
import type { Path } from '../../protocol/paths/path.js';
import { Pattern } from '../../protocol/paths/pattern.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { ListPage, ListQuery, RequestOptions } from '../transport.js';
import { keysIn, leavesIn } from './answers.js';
import type { EntryRequests } from './entry-requests.js';
import type { HttpConnection } from './http-connection.js';
import { checkQuery } from './request-checks.js';
import { unexpectedResponse } from './errors.js';

/** Reads leaves at exactly these paths. */
type ReadLeaves = (paths: readonly Path[], options: RequestOptions) => Promise<ReadonlyMap<Path, Leaf>>;

/** The listings of PROTOCOL §3, page by page. */
export class Listing {
  readonly #connection: HttpConnection;
  readonly #requests: EntryRequests;
  readonly #leavesAt: ReadLeaves;

  constructor(connection: HttpConnection, requests: EntryRequests, leavesAt: ReadLeaves) {
    this.#connection = connection;
    this.#requests = requests;
    this.#leavesAt = leavesAt;
  }

  /** @throws DustError `invalid_params`, `http`, and what the connection throws */
  async leaves(query: ListQuery): Promise<ListPage> {
    checkQuery(query);
    const literal = literalPath(query);
    const page =
      literal === undefined
        ? leavesIn((await this.#connection.send(this.#requests.page(query, 'entries'))).body)
        : await this.#exactly(literal, query);
    assertProgress(page, query);
    for (const { revision } of page.items) this.#connection.saw(revision);
    return page;
  }

  /** @throws DustError as {@link leaves} does */
  async keys(query: ListQuery): Promise<ListPage<Path>> {
    checkQuery(query);
    const literal = literalPath(query);
    if (literal !== undefined) {
      const { items, nextCursor } = await this.#exactly(literal, query);
      return { items: items.map(({ path }) => path), nextCursor };
    }
    const page = keysIn((await this.#connection.send(this.#requests.page(query, 'keys'))).body);
    assertProgress(page, query);
    return page;
  }

  /** A pattern without a wildcard lists nothing on a server (PROTOCOL §3), so the leaf is asked for by its path. */
  async #exactly(path: Path, { after, order = 'asc', signal }: ListQuery): Promise<ListPage> {
    const isBehind = after !== undefined && !isBeyond(path, after, order);
    const leaf = isBehind ? undefined : (await this.#leavesAt([path], { signal })).get(path);
    return { items: leaf === undefined ? [] : [leaf], nextCursor: null };
  }
}

function literalPath(query: ListQuery): Path | undefined {
  if (!('pattern' in query)) return undefined;
  const pattern = Pattern.parse(query.pattern);
  return pattern.isLiteral ? pattern.base : undefined;
}

function isBeyond(path: Path, after: Path, order: 'asc' | 'desc'): boolean {
  const comparison = comparePaths(path, after);
  return order === 'asc' ? comparison > 0 : comparison < 0;
}

/** A cursor that does not move on would have its reader walk in circles. */
function assertProgress({ nextCursor }: ListPage<unknown>, { after, order = 'asc' }: ListQuery): void {
  if (nextCursor === null || after === undefined || isBeyond(nextCursor, after, order)) return;
  throw unexpectedResponse('a page that leads on', after);
}
