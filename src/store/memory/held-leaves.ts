import { comparePaths } from '../../protocol/paths/order.js';
import type { Path } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';
import { mergeLeaves } from '../reading/merge-leaves.js';
import { MemoryLeafTree } from './memory-leaf-tree.js';

/**
 * The leaves of a tree as they were, to be read once and upwards: of what changes it keeps what has not been read yet, and
 * so never more than the tree held.
 */
export class HeldLeaves {
  readonly #tree: MemoryLeafTree;
  readonly #stopListening: () => void;
  /** Paths that have changed since. */
  #changed = new Set<Path>();
  /** What lay there before. */
  #before = new MemoryLeafTree();
  /** Nobody reads up to here any more. */
  #through: Path | undefined;

  constructor(tree: MemoryLeafTree) {
    this.#tree = tree;
    this.#stopListening = tree.onChange((path, before) => {
      this.#note(path, before);
    });
  }

  /** Those behind `after`. To be read at once; nothing before `after` is asked for any more. */
  *behind(after: Path | undefined): Generator<Leaf, void, undefined> {
    this.#through = after;
    const range = after === undefined ? {} : { after };
    yield* mergeLeaves(this.#unchanged(this.#tree.range(range)), this.#before.range(range));
  }

  release(): void {
    this.#stopListening();
    this.#changed = new Set();
    this.#before = new MemoryLeafTree();
  }

  #note(path: Path, before: Leaf | undefined): void {
    if (this.#through !== undefined && comparePaths(path, this.#through) <= 0) return;
    if (this.#changed.has(path)) return;
    this.#changed.add(path);
    if (before !== undefined) this.#before.put(before);
  }

  *#unchanged(leaves: Iterable<Leaf>): Generator<Leaf, void, undefined> {
    for (const leaf of leaves) if (!this.#changed.has(leaf.path)) yield leaf;
  }
}
