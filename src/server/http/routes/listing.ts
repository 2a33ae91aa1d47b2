import type { Hono } from 'hono';
import type { Path } from '../../../protocol/paths/path.js';
import { MAX_PAGE_BYTES, MAX_PAGE_SIZE } from '../../../protocol/requests/listing.js';
import type { ListPage } from '../../../protocol/requests/listing.js';
import type { LeafQuery, Store } from '../../../store/index.js';
import { answerJson } from '../answers.js';
import type { ServerEnvironment, ServerParts } from '../../environment.js';
import { badRequest } from '../../errors.js';
import { pathFault } from '../../../protocol/paths/path.js';
import type { Gate } from '../../access/gate.js';
import { oneOf, queryOf, wholeNumber } from '../parameters.js';
import { wireEntry } from '../wire-value.js';

const DEFAULT_LIMIT = 50;

const SELECTIONS = ['entries', 'keys', 'prefixes'] as const;
type Selection = (typeof SELECTIONS)[number];

/** `GET /entries` by pattern or by range (PROTOCOL §3). */
export function addListingRoute(routes: Hono<ServerEnvironment>, gate: Gate, parts: ServerParts): void {
  routes.get('/entries', gate('entries:read', 'reads'), (c) => {
    const params = queryOf(c.env.incoming.url ?? '');
    const query = leafQuery(params);
    const page = readPage(c.var.store, query, oneOf(params, 'select', SELECTIONS));
    const hidden = parts.imitation.has('empty-literal-pattern') && isLiteral(query);
    return answerJson(c, {
      items: hidden ? [] : page.items,
      next_cursor: hidden ? null : page.nextCursor,
    });
  });
}

function leafQuery(params: URLSearchParams): LeafQuery {
  const page = {
    limit: wholeNumber(params, 'limit', { min: 1, max: MAX_PAGE_SIZE, fallback: DEFAULT_LIMIT }),
    order: oneOf(params, 'order', ['asc', 'desc']),
    bytes: MAX_PAGE_BYTES,
    after: params.get('after') ?? undefined,
  };
  const pattern = params.get('pattern');
  const from = params.get('from');
  const to = params.get('to');
  if (pattern !== null && (from !== null || to !== null)) {
    throw badRequest('A listing is by "pattern" or by "from" and "to".', 'conflicting_params');
  }
  if (from === null && to === null) return { ...page, pattern: pattern ?? '**' };
  if (from === null || to === null) throw badRequest('A range has both ends, "from" and "to".');
  return { ...page, from: endOfRange('from', from), to: endOfRange('to', to) };
}

/** Either end is a path, be there something or not: so recorded servers have it (PROTOCOL §8). */
function endOfRange(name: string, path: string): Path {
  if (pathFault(path) === undefined) return path;
  throw badRequest(`"${name}" must be a valid path, not ${JSON.stringify(path)}.`);
}

function readPage(store: Store, query: LeafQuery, select: Selection): ListPage<unknown> {
  switch (select) {
    case 'keys':
      return store.listKeys(query);
    case 'prefixes':
      return store.listPrefixes(query);
    case 'entries': {
      const { items, nextCursor } = store.list(query);
      return { items: items.map(wireEntry), nextCursor };
    }
  }
}

/** A recorded server counts an escaped `*` as a wildcard here. */
function isLiteral(query: LeafQuery): boolean {
  return 'pattern' in query && !query.pattern.includes('*');
}
