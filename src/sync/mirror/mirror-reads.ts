import type { ListPage } from '../../protocol/listing.js';
import type { Path } from '../../protocol/path.js';
import type { Entry, Leaf } from '../../protocol/value.js';
import type { LeafQuery, ReadableTree } from '../../store/index.js';
import { getEntry, getLeaves, getSubtree, listKeys, listLeaves, pathExists } from '../../store/index.js';

/** Reads of a mirror, answered at once; writing is its engine's alone. */
export class MirrorReads {
  readonly #tree: ReadableTree;

  constructor(tree: ReadableTree) {
    this.#tree = tree;
  }

  /** The leaf at `path`, else the subtree below it as a map, else null. */
  get(path: Path): Entry | null {
    return getEntry(this.#tree, path);
  }

  /** The leaves at exactly these paths. */
  getMany(paths: readonly Path[]): ReadonlyMap<Path, Leaf> {
    return getLeaves(this.#tree, paths);
  }

  /** Whether there is a leaf at or below `path`. */
  exists(path: Path): boolean {
    return pathExists(this.#tree, path);
  }

  /** All leaves at and below `path`, in store order. */
  subtree(path: Path): readonly Leaf[] {
    return getSubtree(this.#tree, path);
  }

  /** One page of leaves. */
  list(query: LeafQuery): ListPage {
    return listLeaves(this.#tree, query);
  }

  /** One page of the paths of leaves. */
  listKeys(query: LeafQuery): ListPage<Path> {
    return listKeys(this.#tree, query);
  }
}
