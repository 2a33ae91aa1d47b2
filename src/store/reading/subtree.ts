import { rangeBelow } from '../../protocol/paths/order.js';
import type { Path } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { ReadableTree } from '../leaf-tree.js';

/** The leaves below `path`, in store order, at no cost where the tree knows that there are none. */
export function leavesBelow(tree: ReadableTree, path: Path): Iterable<Leaf> {
  return tree.mayHaveBelow?.(path) === false ? [] : tree.range(rangeBelow(path));
}

/** The leaves at and below `path`, in store order: a path comes before all paths below it. */
export function leavesAtAndBelow(tree: ReadableTree, path: Path): Leaf[] {
  if (tree.subtree !== undefined) return tree.subtree(path);
  const leaf = tree.get(path);
  return leaf === undefined ? [...leavesBelow(tree, path)] : [leaf, ...leavesBelow(tree, path)];
}

/** The greatest revision of leaves, 0 where there are none. */
export function greatestRevision(leaves: Iterable<Leaf>): number {
  let greatest = 0;
  for (const { revision } of leaves) greatest = Math.max(greatest, revision);
  return greatest;
}
