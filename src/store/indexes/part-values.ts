import type { LeafChange } from '../../protocol/requests/operation.js';
import type { Path } from '../../protocol/paths/path.js';
import { isBelow, parsePath } from '../../protocol/paths/path.js';
import { unwrapJson } from '../../protocol/values/stored-values.js';
import type { JsonValue, Leaf } from '../../protocol/values/value.js';
import { isObject } from '../../protocol/values/value.js';
import type { ReadableTree } from '../leaf-tree.js';
import { leavesBelow } from '../reading/subtree.js';

/** Where a part lies below a record, and in which leaves above it its value may lie instead. */
export interface PartPlace {
  /** `/state`, `/address/city`: what a record's path is followed by. */
  readonly suffix: string;
  /** From the nearest one up to the record: the leaf's suffix, and the way from its value to the part's. */
  readonly holders: readonly { readonly suffix: string; readonly way: readonly string[] }[];
}

/** What a part's value is looked up in: the leaves of one record at one moment. */
export interface RecordView {
  /** The value of the leaf at exactly this path. */
  value(path: Path): JsonValue | undefined;
  hasBelow(path: Path): boolean;
}

export function placeOfPart(path: Path): PartPlace {
  const segments = parsePath(path);
  const holders: PartPlace['holders'][number][] = [];
  let end = path.lastIndexOf('/');
  for (let i = segments.length - 1; i > 0; i--) {
    holders.push({ suffix: `/${path.slice(0, end)}`, way: segments.slice(i) });
    end = path.lastIndexOf('/', end - 1);
  }
  return { suffix: `/${path}`, holders };
}

/** What a record holds at a part. An object that a store would not keep lies whole in one leaf, and what is part of it there. */
export function partValue(
  record: Path,
  { suffix, holders }: PartPlace,
  view: RecordView,
): JsonValue | undefined {
  const own = view.value(record + suffix);
  if (own !== undefined || holders.length === 0) return own;
  for (const holder of holders) {
    const path = record + holder.suffix;
    const value = view.value(path);
    // Where a path is both leaf and parent, what lies below it counts (PROTOCOL §2).
    if (value === null || isObject(value)) return view.hasBelow(path) ? undefined : within(value, holder.way);
  }
  return undefined;
}

function within(value: JsonValue, way: readonly string[]): JsonValue | undefined {
  // An object that is null has no parts, whatever one that is there begins with.
  if (value === null) return null;
  let at: JsonValue = value;
  for (const [i, key] of way.entries()) {
    const inside = unwrapJson(at);
    // What lies in a leaf and is no envelope is nothing that a store would have flattened.
    if ((i === 0 && inside === at) || !isObject(inside) || !Object.hasOwn(inside, key)) return undefined;
    at = inside[key] as JsonValue;
  }
  return at;
}

/** A record as the leaves that were read of it show it. */
export function viewOfLeaves(leaves: readonly Leaf[]): RecordView {
  return {
    value: (path) => leaves.find((leaf) => leaf.path === path)?.value,
    hasBelow: (path) => leaves.some((leaf) => isBelow(leaf.path, path)),
  };
}

/** A record as it stands in a tree. */
export function viewOfTree(tree: ReadableTree): RecordView {
  return {
    value: (path) => tree.get(path)?.value,
    hasBelow: (path) => {
      for (const _ of leavesBelow(tree, path)) return true;
      return false;
    },
  };
}

/** A record before a commit and behind it, made of the changes and of a tree from either side: what did not change is in both. */
export function viewsOfChanges(
  changes: readonly LeafChange[],
  tree: ReadableTree,
): { readonly before: RecordView; readonly after: RecordView } {
  const find = changesByPath(changes);
  const view = (side: 'before' | 'after'): RecordView => ({
    value: (path) => {
      const change = find(path);
      return change === undefined ? tree.get(path)?.value : change[side]?.value;
    },
    hasBelow: (path) =>
      changes.some((change) => change[side] !== undefined && isBelow(change.path, path)) ||
      hasUntouched(tree, path, find),
  });
  return { before: view('before'), after: view('after') };
}

/** Whether a leaf lies below `path` that is none of the changed ones. */
export function hasUntouchedBelow(tree: ReadableTree, path: Path, changes: readonly LeafChange[]): boolean {
  return hasUntouched(tree, path, changesByPath(changes));
}

function hasUntouched(tree: ReadableTree, path: Path, find: (path: Path) => LeafChange | undefined): boolean {
  for (const leaf of leavesBelow(tree, path)) if (find(leaf.path) === undefined) return true;
  return false;
}

const FEW = 16;

function changesByPath(changes: readonly LeafChange[]): (path: Path) => LeafChange | undefined {
  if (changes.length <= FEW) return (path) => changes.find((change) => change.path === path);
  const byPath = new Map(changes.map((change) => [change.path, change]));
  return (path) => byPath.get(path);
}
