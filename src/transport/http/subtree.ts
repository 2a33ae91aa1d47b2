import { isBelow } from '../../protocol/paths/path.js';
import type { Path } from '../../protocol/paths/path.js';
import { comparePaths, rangeBelow } from '../../protocol/paths/order.js';
import { literalPattern } from '../../protocol/paths/pattern.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { ListPage, ListQuery, RequestOptions } from '../transport.js';
import { changesTooFast } from './errors.js';

/** How often a subtree that keeps changing is read at the most. */
const MAX_ATTEMPTS = 8;

/** What a read of exactly one path finds: a leaf, a map that was assembled from others, or nothing. */
export type Found =
  { readonly kind: 'leaf'; readonly leaf: Leaf } | { readonly kind: 'map' } | { readonly kind: 'nothing' };

/** What reading a subtree takes. */
export interface SubtreeReads {
  readonly list: (query: ListQuery) => Promise<ListPage>;
  readonly find: (path: Path, options: RequestOptions) => Promise<Found>;
}

/**
 * All leaves below `path` as they stood at one moment; the leaf at `path` where there are none. A leaf at `path` beside
 * others below it is left out: descendants win, and no client makes such a state (PROTOCOL §2).
 *
 * One page is one moment. Several pages are read until two readings in a row agree: a revision is never given twice,
 * so that is how everything stood between the two.
 *
 * @throws DustError `conflict` (`unstable_read`) when the readings do not come to agree
 */
export async function readSubtree(
  path: Path,
  options: RequestOptions,
  reads: SubtreeReads,
): Promise<readonly Leaf[]> {
  let previous: readonly Leaf[] | undefined;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const { leaves, pages } = await readBelow(path, options, reads.list);
    if (leaves.length === 0) {
      const found = await reads.find(path, options);
      if (found.kind === 'leaf') return [found.leaf];
      if (found.kind === 'nothing') return [];
    } else if (pages === 1 || (previous !== undefined && areSame(previous, leaves))) {
      return leaves;
    }
    previous = leaves;
  }
  throw changesTooFast(path, MAX_ATTEMPTS);
}

async function readBelow(
  path: Path,
  { signal }: RequestOptions,
  list: SubtreeReads['list'],
): Promise<{ readonly leaves: readonly Leaf[]; readonly pages: number }> {
  const selection = selectBelow(path);
  const leaves: Leaf[] = [];
  let pages = 0;
  for (let after: Path | undefined; ; pages++) {
    const page = await list({ ...selection, after, signal });
    for (const leaf of page.items) {
      if (isBelow(leaf.path, path)) leaves.push(leaf);
    }

    if (page.nextCursor === null) return { leaves, pages: pages + 1 };
    after = page.nextCursor;
  }
}

/**
 * What lists all leaves below a path: a pattern where one can name it. The range for the others takes in what lies
 * beside the path too, since a range begins at a path and `path/` is none.
 */
export function selectBelow(path: Path): { pattern: string } | { from: Path; to: Path } {
  const isNameable = !path.split('/').some((segment) => segment === '\\*' || segment === '\\**');
  if (isNameable) return { pattern: `${literalPattern(path)}/**` };
  return { from: path, to: rangeBelow(path).to };
}

function areSame(a: readonly Leaf[], b: readonly Leaf[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ path, revision }, i) => path === b[i]?.path && revision === b[i].revision)
  );
}

/** The leaves at and below each of these paths, in store order, as an answer of any order has them. */
export function leavesByPath(
  paths: readonly Path[],
  leaves: ReadonlyMap<Path, Leaf>,
): ReadonlyMap<Path, readonly Leaf[]> {
  const found = new Map<Path, Leaf[]>(paths.map((path) => [path, []]));
  for (const leaf of leaves.values()) {
    for (let end = leaf.path.length; end > 0; end = leaf.path.lastIndexOf('/', end - 1)) {
      found.get(leaf.path.slice(0, end))?.push(leaf);
    }
  }
  for (const [path, group] of found) {
    if (group.length === 0) found.delete(path);
    else group.sort((a, b) => comparePaths(a.path, b.path));
  }
  return found;
}
