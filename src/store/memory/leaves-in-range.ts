import { sortKeyOfPath } from '../../protocol/order.js';
import type { Leaf } from '../../protocol/value.js';
import type { TreeRange } from '../leaf-tree.js';
import type { Branch, Child } from './branch.js';
import { isBranch } from './branch.js';

/** The leaves below a branch that lie in a range, in its direction of travel. */
export function leavesInRange(branch: Branch, range: TreeRange): Iterable<Leaf> {
  const low = range.from === undefined ? '' : sortKeyOfPath(range.from);
  const high = range.to === undefined ? undefined : sortKeyOfPath(range.to);
  const after = range.after === undefined ? undefined : sortKeyOfPath(range.after);
  if (range.reverse === true) {
    return descending(
      branch,
      low,
      high === undefined || (after !== undefined && after < high) ? after : high,
    );
  }
  return ascending(branch, after === undefined || after < low ? low : firstBehind(after), high);
}

/** The lowest key above another one. */
function firstBehind(key: string): string {
  return `${key}\u0000`;
}

function* ascending(branch: Branch, low: string, high: string | undefined): Generator<Leaf, void, undefined> {
  const path: Iterator<Child>[] = [branch.children.upwards(low)];
  for (let level = path.at(-1); level !== undefined; level = path.at(-1)) {
    const next = level.next();
    if (next.done === true) path.pop();
    else if (high !== undefined && next.value.key >= high) return;
    else if (isBranch(next.value)) path.push(next.value.children.upwards(low));
    else yield next.value.leaf;
  }
}

function* descending(
  branch: Branch,
  low: string,
  high: string | undefined,
): Generator<Leaf, void, undefined> {
  const path: Iterator<Child>[] = [branch.children.downwards(high)];
  for (let level = path.at(-1); level !== undefined; level = path.at(-1)) {
    const next = level.next();
    if (next.done === true) path.pop();
    else if (isBranch(next.value)) path.push(next.value.children.downwards(high));
    else if (next.value.key < low) return;
    else yield next.value.leaf;
  }
}
