import { sortKeyOfPath } from '../../protocol/paths/order.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { TreeRange } from '../leaf-tree.js';
import type { Branch, Child } from './branch.js';
import { isBranch } from './branch.js';

/** The leaves below a branch that lie in a range, in its direction of travel. */
export function leavesInRange(branch: Branch, range: TreeRange): Iterable<Leaf> {
  const { low, high } = boundsOf(range);
  return range.reverse === true ? descending(branch, low, high) : ascending(branch, low, high);
}

/** The same, those below each child of the branch in one list as far as the range holds all of them. */
export function* runsInRange(branch: Branch, range: TreeRange): Generator<Leaf[], void, undefined> {
  const { low, high } = boundsOf(range);
  const reverse = range.reverse === true;
  const children = reverse ? branch.children.downwards(high) : branch.children.upwards(low);
  for (let next = children.next(); next.done !== true; next = children.next()) {
    const child = next.value;
    if (high !== undefined && child.key >= high) return;
    if (isBranch(child)) {
      if (child.key >= low && high?.startsWith(child.key) !== true) {
        const run: Leaf[] = [];
        addLeaves(child, run);
        yield reverse ? run.reverse() : run;
      } else {
        const part = reverse ? descending(child, low, high) : ascending(child, low, high);
        for (const leaf of part) yield [leaf];
      }
    } else if (child.key < low) {
      return;
    } else {
      yield [child.leaf];
    }
  }
}

/** All leaves below a branch, upwards. */
export function addLeaves({ children }: Branch, leaves: Leaf[]): void {
  children.forEach((child) => {
    if (isBranch(child)) addLeaves(child, leaves);
    else leaves.push(child.leaf);
  });
}

interface KeyBounds {
  readonly low: string;
  readonly high: string | undefined;
}

function boundsOf(range: TreeRange): KeyBounds {
  const low = range.from === undefined ? '' : sortKeyOfPath(range.from);
  const high = range.to === undefined ? undefined : sortKeyOfPath(range.to);
  const after = range.after === undefined ? undefined : sortKeyOfPath(range.after);
  if (range.reverse === true) {
    return { low, high: high === undefined || (after !== undefined && after < high) ? after : high };
  }
  return { low: after === undefined || after < low ? low : firstBehind(after), high };
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
