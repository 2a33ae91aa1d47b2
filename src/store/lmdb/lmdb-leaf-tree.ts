import type { Database, RangeOptions } from 'lmdb';
import { comparePaths } from '../../protocol/order.js';
import type { Path } from '../../protocol/path.js';
import type { Leaf } from '../../protocol/value.js';
import type { LeafTree, TreeRange } from '../leaf-tree.js';
import { LOWEST_PATH } from './path-key.js';
import type { StoredLeaf } from './stored-leaf.js';
import { fromStored, toStored } from './stored-leaf.js';
import type { WriteScope } from './write-scope.js';

/** Leaves in a database of their own. */
export class LmdbLeafTree implements LeafTree {
  readonly #db: Database<StoredLeaf, Path>;
  readonly #scope: WriteScope;

  constructor(db: Database<StoredLeaf, Path>, scope: WriteScope) {
    this.#db = db;
    this.#scope = scope;
  }

  /** The number of leaves. */
  get size(): number {
    const { entryCount }: { readonly entryCount?: unknown } = this.#db.getStats();
    return typeof entryCount === 'number' ? entryCount : this.#db.getKeysCount();
  }

  get(path: Path): Leaf | undefined {
    const stored = this.#db.get(path);
    return stored && fromStored(path, stored);
  }

  put(leaf: Leaf): void {
    this.#scope.note();
    this.#db.putSync(leaf.path, toStored(leaf));
  }

  delete(path: Path): void {
    this.#scope.note();
    this.#db.removeSync(path);
  }

  *range(range: TreeRange): Iterable<Leaf> {
    for (const { key, value } of this.#db.getRange(borders(range))) yield fromStored(key, value);
  }

  clear(): void {
    this.#scope.note();
    this.#db.clearSync();
  }
}

/** LMDB travels from `start` to `end`, whichever way; `from` is included and `to` is not, whichever way. */
function borders({ from = '', to, after, reverse = false }: TreeRange): RangeOptions {
  const lowest = border(from);
  const highest = to === undefined ? undefined : border(to);
  if (reverse) {
    const start = lower(after === undefined ? undefined : border(after), highest);
    return { reverse, end: lowest, inclusiveEnd: true, ...(start && { start, exclusiveStart: true }) };
  }
  const end = highest && { end: highest };
  if (after === undefined || comparePaths(after, lowest) < 0) return { start: lowest, ...end };
  return { start: after, exclusiveStart: true, ...end };
}

function border(path: Path): Path {
  return path === '' ? LOWEST_PATH : path;
}

function lower(a: Path | undefined, b: Path | undefined): Path | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return comparePaths(a, b) < 0 ? a : b;
}
