import type { Store } from '../../../../src/store/index.js';
import { same } from './comparison.js';
import type { NaiveLeaf } from './naive-paths.js';
import { assembleBelow, byBytes, isAtOrBelow } from './naive-paths.js';

/** Reading `path` gives what the leaves say. */
export function checkReads(store: Store, leaves: readonly NaiveLeaf[], path: string): void {
  const leaf = leaves.find((each) => each.path === path);
  const subtree = leaves.filter((each) => isAtOrBelow(each.path, path));
  const map = {
    path,
    value: assembleBelow(path, leaves),
    type: 'map',
    revision: Math.max(...subtree.map((each) => each.revision)),
  };
  same('get', store.get(path), leaf ?? (subtree.length === 0 ? null : map));
  same('getMany', store.getMany([path, `${path}/none`]), new Map(leaf === undefined ? [] : [[path, leaf]]));
  same('exists', store.exists(path), subtree.length > 0);
  same('subtree', store.subtree(path), subtree);
}

/** All pages of a listing, one after the other, hold the leaves that `includes` takes. */
export function checkList(
  store: Store,
  leaves: readonly NaiveLeaf[],
  selection: { pattern: string } | { from: string; to: string },
  includes: (path: string) => boolean,
  limit: number,
  order: 'asc' | 'desc',
): void {
  const rest = leaves.filter((leaf) => includes(leaf.path));
  if (order === 'desc') rest.reverse();
  let after: string | undefined;
  do {
    const items = rest.splice(0, limit);
    const nextCursor = rest.length === 0 ? null : (items.at(-1)?.path ?? null);
    const query = { ...selection, limit, order, after };
    same('list', store.list(query), { items, nextCursor });
    same('listKeys', store.listKeys(query), { items: items.map((leaf) => leaf.path), nextCursor });
    if ('pattern' in selection && /^([^*\\]+\/)?\*\*$/.test(selection.pattern)) {
      const depth = selection.pattern.split('/').length;
      const prefixes = new Set(items.map((leaf) => leaf.path.split('/').slice(0, depth).join('/')));
      const sorted = [...prefixes].map((path) => ({ path })).sort(byBytes);
      if (order === 'desc') sorted.reverse();
      same('listPrefixes', store.listPrefixes(query), {
        items: sorted.map(({ path }) => path),
        nextCursor,
      });
    }
    after = nextCursor ?? undefined;
  } while (after !== undefined);
}
