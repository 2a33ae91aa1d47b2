import { sortKeyOfPath } from '../../protocol/order.js';
import type { Path } from '../../protocol/path.js';
import type { Leaf } from '../../protocol/value.js';
import type { LeafTree, TreeRange } from '../leaf-tree.js';
import { leavesInRange } from './leaves-in-range.js';
import { createSortedMap } from './sorted-map.js';

/** A path that is a leaf, or lies above one, or both. */
interface Node {
  readonly path: Path;
  readonly parent: Node | undefined;
  leaf: Leaf | undefined;
  childCount: number;
}

/** Leaves in memory. An exact get and the writing of a leaf that is there already cost the same in any size of tree. */
export class MemoryLeafTree implements LeafTree {
  readonly #nodes = new Map<Path, Node>();
  /** The nodes that are leaves. */
  readonly #sorted = createSortedMap<Node>();

  /** The number of leaves. */
  get size(): number {
    return this.#sorted.size;
  }

  get(path: Path): Leaf | undefined {
    return this.#nodes.get(path)?.leaf;
  }

  put(leaf: Leaf): void {
    const node = this.#nodes.get(leaf.path) ?? this.#addNode(leaf.path);
    if (node.leaf === undefined) this.#sorted.set(sortKeyOfPath(leaf.path), node);
    node.leaf = leaf;
  }

  delete(path: Path): void {
    const node = this.#nodes.get(path);
    if (node?.leaf === undefined) return;
    node.leaf = undefined;
    this.#sorted.delete(sortKeyOfPath(path));
    this.#prune(node);
  }

  range(range: TreeRange): Iterable<Leaf> {
    return leavesInRange(this.#sorted, range);
  }

  mayHaveBelow(path: Path): boolean {
    const node = this.#nodes.get(path);
    return node !== undefined && node.childCount > 0;
  }

  clear(): void {
    this.#nodes.clear();
    this.#sorted.clear();
  }

  #addNode(path: Path): Node {
    const slash = path.lastIndexOf('/');
    const parent = slash === -1 ? undefined : this.#parentNode(path.slice(0, slash));
    const node: Node = { path, parent, leaf: undefined, childCount: 0 };
    this.#nodes.set(path, node);
    return node;
  }

  #parentNode(path: Path): Node {
    const node = this.#nodes.get(path) ?? this.#addNode(path);
    node.childCount++;
    return node;
  }

  #prune(node: Node): void {
    let bare: Node | undefined = node;
    while (bare !== undefined && bare.leaf === undefined && bare.childCount === 0) {
      this.#nodes.delete(bare.path);
      bare = bare.parent;
      if (bare !== undefined) bare.childCount--;
    }
  }
}
