import type { Path } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { LeafTree, ReadableTree, TreeRange } from '../leaf-tree.js';
import { MemoryLeafTree } from '../memory/memory-leaf-tree.js';
import { mergeLeaves } from '../reading/merge-leaves.js';

/**
 * A tree as it would be after writes that have not been made: what the operations of a batch are planned over, so that
 * later ones see earlier ones while the tree itself stays untouched.
 */
export class OverlayTree implements LeafTree {
  readonly #base: ReadableTree;
  readonly #written = new MemoryLeafTree();
  /** Deleted paths: what the base holds there counts only when it is written again, and that is in `#written`. */
  readonly #deleted = new Set<Path>();

  constructor(base: ReadableTree) {
    this.#base = base;
  }

  get(path: Path): Leaf | undefined {
    return this.#written.get(path) ?? (this.#deleted.has(path) ? undefined : this.#base.get(path));
  }

  put(leaf: Leaf): void {
    this.#written.put(leaf);
  }

  delete(path: Path): void {
    this.#deleted.add(path);
    this.#written.delete(path);
  }

  range(range: TreeRange): Iterable<Leaf> {
    return mergeLeaves(this.#visible(range), this.#written.range(range), range.reverse);
  }

  mayHaveBelow(path: Path): boolean {
    return this.#written.mayHaveBelow(path) || (this.#base.mayHaveBelow?.(path) ?? true);
  }

  *#visible(range: TreeRange): Generator<Leaf, void, undefined> {
    for (const leaf of this.#base.range(range)) {
      const { path } = leaf;
      if (!this.#deleted.has(path) && this.#written.get(path) === undefined) yield leaf;
    }
  }
}
