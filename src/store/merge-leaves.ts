import { sortKeyOfPath } from '../protocol/order.js';
import type { Leaf } from '../protocol/value.js';

/** The leaves of two runs, each in store order (or its reverse) and without a path in common, as one such run. */
export function* mergeLeaves(
  left: Iterable<Leaf>,
  right: Iterable<Leaf>,
  reverse = false,
): Generator<Leaf, void, undefined> {
  const others = right[Symbol.iterator]();
  let other = nextOf(others);
  for (const leaf of left) {
    const key = sortKeyOfPath(leaf.path);
    while (other !== undefined && (reverse ? other.key > key : other.key < key)) {
      yield other.leaf;
      other = nextOf(others);
    }
    yield leaf;
  }
  for (; other !== undefined; other = nextOf(others)) yield other.leaf;
}

function nextOf(leaves: Iterator<Leaf>): { readonly key: string; readonly leaf: Leaf } | undefined {
  const next = leaves.next();
  return next.done === true ? undefined : { key: sortKeyOfPath(next.value.path), leaf: next.value };
}
