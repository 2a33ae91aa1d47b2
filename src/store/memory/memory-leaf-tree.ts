import type { PathRange } from '../../protocol/paths/order.js';
import { sortKeyOfPath } from '../../protocol/paths/order.js';
import type { Path } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { LeafTree, TreeRange } from '../leaf-tree.js';
import type { Branch, Slot } from './branch.js';
import { Children, isBranch } from './branch.js';
import { addLeaves, leavesInRange, runsInRange } from './leaves-in-range.js';

/**
 * Leaves in memory. What lies directly below one path is kept together, so that a record costs one place in large
 * structures however many leaves it has.
 */
export class MemoryLeafTree implements LeafTree {
  readonly #root: Branch = { key: '', path: '', parent: undefined, children: new Children(), leafCount: 0 };
  /** The branches by their paths, without the root. None of them is empty. */
  readonly #branches = new Map<Path, Branch>();
  /** Where leaves were last looked for and there were some: the next one is mostly their neighbour. */
  #recent = this.#root;
  readonly #listeners = new Set<(path: Path, before: Leaf | undefined) => void>();
  #size = 0;

  /** The number of leaves. */
  get size(): number {
    return this.#size;
  }

  /** `listener` hears, right before it, of every leaf that comes, changes or goes. Returns what ends it. */
  onChange(listener: (path: Path, before: Leaf | undefined) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  get(path: Path): Leaf | undefined {
    const branch = this.#parentOf(path);
    return branch && slotIn(branch, sortKeyOfPath(path))?.leaf;
  }

  put(leaf: Leaf): void {
    const key = sortKeyOfPath(leaf.path);
    const branch = this.#parentOf(leaf.path) ?? this.#addBranch(parentPath(leaf.path));
    const slot = slotIn(branch, key);
    if (this.#listeners.size > 0) this.#tell(leaf.path, slot?.leaf);
    if (slot !== undefined) {
      slot.leaf = leaf;
      return;
    }
    branch.children.add({ key, leaf });
    branch.leafCount++;
    this.#size++;
  }

  delete(path: Path): void {
    const branch = this.#parentOf(path);
    const key = sortKeyOfPath(path);
    const slot = branch && slotIn(branch, key);
    if (branch === undefined || slot === undefined) return;
    if (this.#listeners.size > 0) this.#tell(path, slot.leaf);
    branch.children.remove(key);
    branch.leafCount--;
    this.#size--;
    this.#prune(branch);
  }

  range(range: TreeRange): Iterable<Leaf> {
    const branch = this.#branchOfRange(range);
    return branch === undefined ? [] : leavesInRange(branch, range);
  }

  runs(range: TreeRange): Iterable<Leaf[]> {
    const branch = this.#branchOfRange(range);
    return branch === undefined ? [] : runsInRange(branch, range);
  }

  subtree(path: Path): Leaf[] {
    const leaf = this.get(path);
    const leaves = leaf === undefined ? [] : [leaf];
    const branch = this.#branches.get(path);
    if (branch !== undefined) addLeaves(branch, leaves);
    return leaves;
  }

  /** Unknown where leaves lie between the branches. */
  countBelow(path: Path, { from = '', to }: PathRange): number | undefined {
    const branch = this.#branches.get(path);
    if (branch === undefined) return 0;
    if (branch.leafCount > 0) return undefined;
    return branch.children.count(sortKeyOfPath(from), to === undefined ? undefined : sortKeyOfPath(to));
  }

  mayHaveBelow(path: Path): boolean {
    return this.#branches.has(path);
  }

  #tell(path: Path, before: Leaf | undefined): void {
    for (const listener of this.#listeners) listener(path, before);
  }

  /** The branch that a leaf at `path` lies directly below, undefined when there is none. */
  #parentOf(path: Path): Branch | undefined {
    const slash = path.lastIndexOf('/');
    if (slash === -1) return this.#root;
    const recent = this.#recent;
    if (slash === recent.path.length && path.startsWith(recent.path)) return recent;
    const branch = this.#branches.get(path.slice(0, slash));
    if (branch !== undefined && branch.leafCount > 0) this.#recent = branch;
    return branch;
  }

  #addBranch(path: Path): Branch {
    const parent = this.#parentOf(path) ?? this.#addBranch(parentPath(path));
    const key = `${sortKeyOfPath(path)}/`;
    const branch = { key, path, parent, children: new Children(), leafCount: 0 };
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

function slotIn({ children, leafCount }: Branch, key: string): Slot | undefined {
  const child = leafCount === 0 ? undefined : children.get(key);
  return child === undefined || isBranch(child) ? undefined : child;
}

/** The path one segment above, empty for a single segment. */
function parentPath(path: Path): Path {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}
