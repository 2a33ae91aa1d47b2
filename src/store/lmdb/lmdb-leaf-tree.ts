import type { Database, RangeOptions } from 'lmdb';
import type { Path } from '../../protocol/path.js';
import type { Leaf } from '../../protocol/value.js';
import type { LeafTree, TreeRange } from '../leaf-tree.js';
import { keyOfBorder, keyOfPath, pathOfKey } from './path-key.js';
import type { StoredLeaf } from './stored-leaf.js';
import { fromStored, toStored } from './stored-leaf.js';
import type { WriteScope } from './write-scope.js';

/** Leaves in a database of their own. */
export class LmdbLeafTree implements LeafTree {
  readonly #db: Database<StoredLeaf, Uint8Array>;
  readonly #scope: WriteScope;

  constructor(db: Database<StoredLeaf, Uint8Array>, scope: WriteScope) {
    this.#db = db;
    this.#scope = scope;
  }

  get(path: Path): Leaf | undefined {
    const stored = this.#db.get(keyOfPath(path));
    return stored && fromStored(path, stored);
  }

  put(leaf: Leaf): void {
    this.#scope.note();
    this.#db.putSync(keyOfPath(leaf.path), toStored(leaf));
  }

  delete(path: Path): void {
    this.#scope.note();
    this.#db.removeSync(keyOfPath(path));
  }

  *range(range: TreeRange): Iterable<Leaf> {
    for (const { key, value } of this.#db.getRange(borders(range))) yield fromStored(pathOfKey(key), value);
  }

  clear(): void {
    this.#scope.note();
    this.#db.clearSync();
  }
}

/** LMDB travels from `start` to `end`, whichever way; `from` is included and `to` is not, whichever way. */
function borders({ from = '', to, after, reverse = false }: TreeRange): RangeOptions {
  const lowest = keyOfBorder(from);
  const highest = to === undefined ? undefined : keyOfBorder(to);
  if (reverse) {
    const start = lower(after === undefined ? undefined : keyOfBorder(after), highest);
    return { reverse, end: lowest, inclusiveEnd: true, ...(start && { start, exclusiveStart: true }) };
  }
  const behind = after === undefined || after === '' ? undefined : keyOfPath(after);
  const end = highest && { end: highest };
  if (behind === undefined || Buffer.compare(behind, lowest) < 0) return { start: lowest, ...end };
  return { start: behind, exclusiveStart: true, ...end };
}

function lower(a: Buffer | undefined, b: Buffer | undefined): Buffer | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return Buffer.compare(a, b) < 0 ? a : b;
}
