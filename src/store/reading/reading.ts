import type { Path } from '../../protocol/paths/path.js';
import type { Entry, Leaf } from '../../protocol/values/value.js';
import { assemble } from '../../protocol/values/value.js';
import { isEmpty } from './leaf-cursor.js';
import type { ReadableTree } from '../leaf-tree.js';
import { checkPathList } from '../../protocol/requests/request-checks.js';
import { checkPath } from '../request-checks.js';
import { greatestRevision, leavesAtAndBelow, leavesBelow } from './subtree.js';

/** The leaf at `path`, else the subtree below it as a map with its greatest revision, else null (PROTOCOL §1). */
export function getEntry(tree: ReadableTree, path: Path): Entry | null {
  checkPath(path);
  const leaf = tree.get(path);
  if (leaf !== undefined) return leaf;
  const leaves = [...leavesBelow(tree, path)];
  const value = assemble(path, leaves);
  if (value === undefined) return null;
  return { path, value, type: 'map', revision: greatestRevision(leaves) };
}

/** The leaves at exactly these paths; absent ones are missing from the result. */
export function getLeaves(tree: ReadableTree, paths: Iterable<Path>): Map<Path, Leaf> {
  checkPathList(paths);
  const found = new Map<Path, Leaf>();
  for (const path of paths) {
    checkPath(path);
    const leaf = tree.get(path);
    if (leaf !== undefined) found.set(path, leaf);
  }
  return found;
}

/** Whether there is a leaf at or below `path`. */
export function pathExists(tree: ReadableTree, path: Path): boolean {
  checkPath(path);
  if (tree.get(path) !== undefined) return true;
  return !isEmpty(leavesBelow(tree, path));
}

/** All leaves at and below `path`, in store order. */
export function getSubtree(tree: ReadableTree, path: Path): readonly Leaf[] {
  checkPath(path);
  return leavesAtAndBelow(tree, path);
}
