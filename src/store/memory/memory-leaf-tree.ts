import { sortKeyOfPath } from '../../protocol/order.js';
import type { Path } from '../../protocol/path.js';
import type { Leaf } from '../../protocol/value.js';
import type { LeafTree, TreeRange } from '../leaf-tree.js';
import type { Branch } from './branch.js';
import { isBranch } from './branch.js';
import { Children } from './children.js';
import { leavesInRange } from './leaves-in-range.js';

/**
 * Leaves in memory. What lies directly below one path is kept together, so that a record costs one place in large
 * structures however many leaves it has.
 */
export class MemoryLeafTree implements LeafTree {
  readonly #root: Branch = { key: '', path: '', parent: undefined, children: new Children() };
  /** The branches by their paths, without the root. None of them is empty. */
  readonly #branches = new Map<Path, Branch>();
  /** Where the last leaf was looked for: the next one is mostly its neighbour. */
  #recent = this.#root;
  #size = 0;

  /** The number of leaves. */
  get size(): number {
    return this.#size;
  }

  get(path: Path): Leaf | undefined {
    const slot = this.#parentOf(path)?.children.get(sortKeyOfPath(path));
    return slot === undefined || isBranch(slot) ? undefined : slot.leaf;
  }

  put(leaf: Leaf): void {
    const key = sortKeyOfPath(leaf.path);
    const { children } = this.#parentOf(leaf.path) ?? this.#addBranch(parentPath(leaf.path));
    const slot = children.get(key);
    if (slot === undefined) {
      children.add({ key, leaf });
      this.#size++;
    } else if (!isBranch(slot)) {
      slot.leaf = leaf;
    }
  }

  delete(path: Path): void {
    const branch = this.#parentOf(path);
    const key = sortKeyOfPath(path);
    if (branch?.children.get(key) === undefined) return;
    branch.children.remove(key);
    this.#size--;
    this.#prune(branch);
  }

  range(range: TreeRange): Iterable<Leaf> {
    const branch = this.#branchOfRange(range);
    return branch === undefined ? [] : leavesInRange(branch, range);
  }

  mayHaveBelow(path: Path): boolean {
    return this.#branches.has(path);
  }

  clear(): void {
    this.#root.children.clear();
    this.#branches.clear();
    this.#recent = this.#root;
    this.#size = 0;
  }

  /** The branch that a leaf at `path` lies directly below, undefined when there is none. */
  #parentOf(path: Path): Branch | undefined {
    const slash = path.lastIndexOf('/');
    if (slash === -1) return this.#root;
    const recent = this.#recent;
    if (slash === recent.path.length && path.startsWith(recent.path)) return recent;
    const branch = this.#branches.get(path.slice(0, slash));
    if (branch !== undefined) this.#recent = branch;
    return branch;
  }

  #addBranch(path: Path): Branch {
    const parent = this.#parentOf(path) ?? this.#addBranch(parentPath(path));
    const branch = { key: `${sortKeyOfPath(path)}/`, path, parent, children: new Children() };
    this.#branches.set(path, branch);
    parent.children.add(branch);
    this.#recent = branch;
    return branch;
  }

  #prune(branch: Branch): void {
    let bare = branch;
    while (bare.children.isEmpty && bare.parent !== undefined) {
      this.#branches.delete(bare.path);
      bare.parent.children.remove(bare.key);
      bare = bare.parent;
    }
    this.#recent = bare;
  }

  /** The lowest known branch that holds the whole range; undefined when it is known to be empty. */
  #branchOfRange({ from = '', to }: TreeRange): Branch | undefined {
    const path = parentPath(from);
    const holdsAll = path !== '' && to !== undefined && sortKeyOfPath(to) <= sortKeyOfPath(`${path}0`);
    return holdsAll ? this.#branches.get(path) : this.#root;
  }
}

/** The path one segment above, empty for a single segment. */
function parentPath(path: Path): Path {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}
