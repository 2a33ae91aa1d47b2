import type { Path } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { SnapshotOverlay } from '../storage.js';
import type { LmdbLeafTree } from './leaves/lmdb-leaf-tree.js';

/** The overwritten leaves of the last snapshot: leaves like any other, in a tree of their own. */
export class LmdbOverlay implements SnapshotOverlay {
  readonly #tree: LmdbLeafTree;

  constructor(tree: LmdbLeafTree) {
    this.#tree = tree;
  }

  get(path: Path): Leaf | undefined {
    return this.#tree.get(path);
  }

  put(leaf: Leaf): void {
    this.#tree.put(leaf);
  }

  leaves(): Iterable<Leaf> {
    return this.#tree.range({});
  }

  clear(): void {
    this.#tree.clear();
  }
}
