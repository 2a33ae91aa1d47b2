import type { LeafChange } from '../../../protocol/requests/operation.js';
import type { Path } from '../../../protocol/paths/path.js';
import type { Leaf } from '../../../protocol/values/value.js';
import type { ReadableTree, TreeRange } from '../../leaf-tree.js';
import { MemoryLeafTree } from '../../memory/memory-leaf-tree.js';
import { OverlayTree } from '../../operations/overlay-tree.js';
import { leavesBelow } from '../../reading/subtree.js';

/** A tree as it was, for as long as it is told what becomes of its leaves. */
export class HeldTree implements ReadableTree {
  readonly #base: ReadableTree;
  /** What was there before, over what is there now. */
  readonly #before: OverlayTree;
  /** A leaf at each path that has changed. */
  readonly #changed = new MemoryLeafTree();
  #size = 0;

  constructor(base: ReadableTree) {
    this.#base = base;
    this.#before = new OverlayTree(base);
  }

  /** How many leaves have changed. */
  get size(): number {
    return this.#size;
  }

  /** A leaf becomes another, or goes. What it was the first time counts. */
  note({ path, before }: LeafChange): void {
    if (this.#changed.get(path) !== undefined) return;
    this.#size++;
    this.#changed.put({ path, value: null, type: 'null', revision: 0 });
    if (before === undefined) this.#before.delete(path);
    else this.#before.put(before);
  }

  get(path: Path): Leaf | undefined {
    return this.#before.get(path);
  }

  range(range: TreeRange): Iterable<Leaf> {
    return this.#size === 0 ? this.#base.range(range) : this.#before.range(range);
  }

  mayHaveBelow(path: Path): boolean {
    return this.#before.mayHaveBelow(path);
  }

  subtree(path: Path): Leaf[] {
    const isUntouched = this.#changed.get(path) === undefined && !this.#changed.mayHaveBelow(path);
    if (isUntouched && this.#base.subtree !== undefined) return this.#base.subtree(path);
    const own = this.get(path);
    return own === undefined ? [...leavesBelow(this, path)] : [own, ...leavesBelow(this, path)];
  }

  countBelow(...asked: Parameters<NonNullable<ReadableTree['countBelow']>>): number | undefined {
    return this.#size === 0 ? this.#base.countBelow?.(...asked) : undefined;
  }
}
