import type { Path } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { SnapshotOverlay } from '../storage.js';
import { HeldLeaves } from './held-leaves.js';
import { MemoryLeafTree } from './memory-leaf-tree.js';

/** The overwritten leaves of the last snapshot: leaves like any other, in a tree of their own. */
export class MemoryOverlay implements SnapshotOverlay {
  #tree = new MemoryLeafTree();

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
    // Whoever holds the other one reads on.
    this.#tree = new MemoryLeafTree();
  }

  hold(): HeldLeaves {
    return new HeldLeaves(this.#tree);
  }
}
