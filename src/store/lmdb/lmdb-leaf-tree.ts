import type { RangeOptions } from 'lmdb';
import { comparePaths } from '../../protocol/order.js';
import type { Path } from '../../protocol/path.js';
import type { Leaf } from '../../protocol/value.js';
import type { LeafTree, TreeRange } from '../leaf-tree.js';
import type { Entry, GuardedDatabase } from './guarded-database.js';
import { LOWEST_PATH } from './path-key.js';
import type { StoredLeaf } from './stored-leaf.js';
import { fromStored, isStoredLeaf, toStored } from './stored-leaf.js';
import type { WriteScope } from './write-scope.js';

/** Leaves in a database of their own. */
export class LmdbLeafTree implements LeafTree {
  readonly #db: GuardedDatabase<StoredLeaf, Path>;
  readonly #scope: WriteScope;

  constructor(db: GuardedDatabase<StoredLeaf, Path>, scope: WriteScope) {
    this.#db = db;
    this.#scope = scope;
  }

  /** The number of leaves. */
  get size(): number {
    return this.#db.size;
  }

  get(path: Path): Leaf | undefined {
    const stored = this.#db.get(path);
    return stored === undefined ? undefined : this.#leaf(path, stored);
  }

  put(leaf: Leaf): void {
    this.#scope.note();
    this.#db.put(leaf.path, toStored(leaf));
  }

  delete(path: Path): void {
    this.#scope.note();
    this.#db.remove(path);
  }

  range(range: TreeRange): Iterable<Leaf> {
    return this.#db.range(borders(range), this.#leafOf);
  }

  clear(): void {
    this.#scope.note();
    this.#db.clear();
  }

  readonly #leafOf = ({ key, value }: Entry<StoredLeaf, Path>): Leaf => this.#leaf(key, value);

  #leaf(path: Path, stored: StoredLeaf): Leaf {
    if (!isStoredLeaf(stored)) throw this.#db.damaged(path);
    return fromStored(path, stored);
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
