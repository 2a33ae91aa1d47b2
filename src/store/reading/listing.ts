import type { ListPage } from '../../protocol/requests/listing.js';
import { MAX_PAGE_SIZE } from '../../protocol/requests/listing.js';
import type { PathRange } from '../../protocol/paths/order.js';
import { inStoreOrder } from '../../protocol/paths/order.js';
import type { Path } from '../../protocol/paths/path.js';
import { Pattern } from '../../protocol/paths/pattern.js';
import { checkPage, checkRange } from '../../protocol/requests/request-checks.js';
import { invalidCall, invalidParams } from '../../protocol/requests/request-errors.js';
import type { Leaf } from '../../protocol/values/value.js';
import { weightOf } from '../../protocol/values/weight.js';
import type { ReadableTree } from '../leaf-tree.js';
import { checkLength } from '../request-checks.js';

interface PageOptions {
  /** Leaves on one page, 1 to 1000. Default 1000. */
  readonly limit?: number | undefined;
  /** Continue behind this path, in the direction of `order`: the `nextCursor` of the page before. */
  readonly after?: Path | undefined;
  /** Store order (PROTOCOL §1) or its reverse. Default `asc`. */
  readonly order?: 'asc' | 'desc' | undefined;
  /** About how many bytes of values a page may hold; the leaf that fills it is the last. Default: no bound. */
  readonly bytes?: number | undefined;
}

/** Leaves by pattern, or by range `[from, to)`. */
export type LeafQuery = PageOptions &
  ({ readonly pattern: string } | { readonly from: Path; readonly to: Path });

/** The part of a store a query is about: a range, and which of its paths count. */
interface Selection {
  readonly range: PathRange;
  readonly matches: (path: Path) => boolean;
}

/** One page of leaves; costs the part of the query's range that the page spans. */
export function listLeaves(tree: ReadableTree, query: LeafQuery): ListPage {
  return readPage(tree, select(query), query);
}

/** One page of the paths of leaves. */
export function listKeys(tree: ReadableTree, query: LeafQuery): ListPage<Path> {
  const { items, nextCursor } = listLeaves(tree, query);
  return { items: items.map((leaf) => leaf.path), nextCursor };
}

/**
 * One page of leaves, as the distinct paths one segment below the pattern's base that they lie at or below, in the
 * order of these paths (PROTOCOL §3). The cursor is still the last leaf's path.
 */
export function listPrefixes(tree: ReadableTree, query: LeafQuery): ListPage<Path> {
  if (!('pattern' in query)) {
    throw invalidCall('unsupported_select', 'Prefixes are listed by pattern, not by range.');
  }
  const start = prefixStart(parsePattern(query.pattern));
  const { items, nextCursor } = listLeaves(tree, query);
  const prefixes = inStoreOrder(new Set(items.map(({ path }) => prefixOf(path, start))), (path) => path);
  return { items: query.order === 'desc' ? prefixes.reverse() : prefixes, nextCursor };
}

function readPage(tree: ReadableTree, { range, matches }: Selection, options: PageOptions): ListPage {
  const { limit = MAX_PAGE_SIZE, after, order = 'asc', bytes = Infinity } = options;
  checkPageOptions(limit, after, order);
  const items: Leaf[] = [];
  let weight = 0;
  let last: Path | null = null;
  const reverse = order === 'desc';
  for (const leaf of tree.range(after === undefined ? { ...range, reverse } : { ...range, after, reverse })) {
    if (!matches(leaf.path)) continue;
    if (items.length === limit || weight >= bytes) return { items, nextCursor: last };
    items.push(leaf);
    last = leaf.path;
    if (bytes !== Infinity) weight += weightOf(leaf.value);
  }
  return { items, nextCursor: null };
}

function select(query: LeafQuery): Selection {
  if ('pattern' in query) {
    const pattern = parsePattern(query.pattern);
    return {
      range: pattern.range,
      matches: spansItsRange(pattern) ? () => true : (path) => pattern.matches(path),
    };
  }
  const { from, to } = query;
  checkRange(from, to);
  checkLength(from, { path: from });
  checkLength(to, { path: to });
  return { range: { from, to }, matches: () => true };
}

function parsePattern(source: string): Pattern {
  checkLength(source, { path: source });
  return Pattern.parse(source);
}

/** Whether every path of the pattern's range matches: `**`, `<base>/**` and patterns without a wildcard. */
function spansItsRange(pattern: Pattern): boolean {
  return pattern.segments.every(
    ({ kind }, i) => kind === 'literal' || (kind === 'many' && i === pattern.segments.length - 1),
  );
}

/** Where the slash behind a prefix is looked for: no segment is empty. */
function prefixStart(pattern: Pattern): number {
  if (pattern.segments.at(-1)?.kind === 'many' && spansItsRange(pattern)) {
    return (pattern.base ?? '').length + 1;
  }
  throw invalidParams(
    { path: pattern.source },
    'invalid_pattern_for_prefixes',
    'prefixes are listed by "**" or "<base>/**", with a base without wildcards.',
  );
}

function prefixOf(path: Path, start: number): Path {
  const end = path.indexOf('/', start);
  return end === -1 ? path : path.slice(0, end);
}

function checkPageOptions(limit: number, after: Path | undefined, order: string): void {
  checkPage(limit, order);
  if (after !== undefined) checkLength(after, { path: after });
}
