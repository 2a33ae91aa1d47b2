import type { CommittedOperation, LeafChange } from '../../protocol/requests/operation.js';
import { inStoreOrder } from '../../protocol/paths/order.js';
import type { Path } from '../../protocol/paths/path.js';
import { childPath } from '../../protocol/paths/path.js';
import type { JsonValue, Leaf, LeafType } from '../../protocol/values/value.js';
import { flatten, isMap, leafTypeOf } from '../../protocol/values/value.js';
import type { LeafTree, ReadableTree } from '../leaf-tree.js';
import { leavesBelow } from '../reading/subtree.js';

/** Spares a new record the search for what each of its fields replaces. */
const EMPTY_TREE: ReadableTree = { get: () => undefined, range: () => [] };

/** What of a committed operation decides what it does to the leaves. */
export type Effect = Pick<CommittedOperation, 'storeSeq' | 'op' | 'path' | 'value' | 'leafTypes'>;

type LeafTypes = CommittedOperation['leafTypes'];

/**
 * What a committed operation does to the leaves of `tree`, in store order, without doing it: {@link applyChanges}
 * does. Costs what the operation removes and writes. A leaf that is written again as it was counts as changed, because
 * its revision moves.
 *
 * The values of operations are those of {@link CommittedOperation}: totals and whole sets, not what was added to them.
 */
export function changesOf(operation: Effect, tree: ReadableTree): LeafChange[] {
  const { op, path, value, storeSeq, leafTypes } = operation;
  switch (op) {
    case 'set':
      return replaceSubtree(tree, path, value, storeSeq, leafTypes);
    case 'delete':
      return removeSubtree(tree, path);
    case 'merge':
      return mergeChildren(tree, path, value, storeSeq);
    case 'increment':
      return writeLeaf(tree, path, value, 'counter', storeSeq);
    case 'add':
    case 'remove':
      return writeLeaf(tree, path, value, 'set', storeSeq);
    case 'put_file':
      return writeLeaf(tree, path, value, 'file', storeSeq);
    case 'lease':
    case 'renew':
      return writeLeaf(tree, path, value, 'lease', storeSeq);
    case 'release':
      return removeLeaf(tree, path);
  }
}

/** Makes the leaves of `tree` what {@link changesOf} said. */
export function applyChanges(changes: readonly LeafChange[], tree: LeafTree): void {
  for (const { path, after } of changes) {
    if (after === undefined) tree.delete(path);
    else tree.put(after);
  }
}

function writeLeaf(
  tree: ReadableTree,
  path: Path,
  value: JsonValue,
  type: LeafType,
  revision: number,
): LeafChange[] {
  return [leafChange(tree, { path, value, type, revision })];
}

function leafChange(tree: ReadableTree, after: Leaf): LeafChange {
  const { path } = after;
  const before = tree.get(path);
  return before === undefined ? { path, after } : { path, before, after };
}

function removeLeaf(tree: ReadableTree, path: Path): LeafChange[] {
  const before = tree.get(path);
  return before === undefined ? [] : [{ path, before }];
}

function removeSubtree(tree: ReadableTree, path: Path): LeafChange[] {
  const changes = removeLeaf(tree, path);
  for (const before of leavesBelow(tree, path)) changes.push({ path: before.path, before });
  return changes;
}

function replaceSubtree(
  tree: ReadableTree,
  path: Path,
  value: JsonValue,
  revision: number,
  types?: LeafTypes,
): LeafChange[] {
  if (isMap(value)) return flattenOver(removeSubtree(tree, path), path, value, revision, types);
  const changes = writeLeaf(tree, path, value, types?.get(path) ?? leafTypeOf(value), revision);
  for (const before of leavesBelow(tree, path)) changes.push({ path: before.path, before });
  return changes;
}

/** The removals of a subtree, with the leaves of a map written in its place. */
function flattenOver(
  removals: LeafChange[],
  path: Path,
  map: JsonValue,
  revision: number,
  types?: LeafTypes,
): LeafChange[] {
  const changes = new Map(removals.map((removal) => [removal.path, removal]));
  for (const leaf of flatten(path, map)) {
    const type = types?.get(leaf.path) ?? leafTypeOf(leaf.value);
    const after = { path: leaf.path, value: leaf.value, type, revision };
    changes.set(leaf.path, { ...changes.get(leaf.path), path: leaf.path, after });
  }
  return inStoreOrder(changes.values(), pathOf);
}

function mergeChildren(tree: ReadableTree, path: Path, value: JsonValue, revision: number): LeafChange[] {
  if (!isMap(value)) return [];
  const present = tree.mayHaveBelow?.(path) === false ? EMPTY_TREE : tree;
  const changes: LeafChange[] = [];
  for (const [key, child] of Object.entries(value)) {
    const at = childPath(path, key);
    if (isMap(child)) {
      for (const change of replaceSubtree(present, at, child, revision)) changes.push(change);
    } else {
      changes.push(leafChange(present, { path: at, value: child, type: leafTypeOf(child), revision }));
    }
  }
  return inStoreOrder(changes, pathOf);
}

function pathOf({ path }: LeafChange): Path {
  return path;
}
