import { sortKeyOfPath } from '../../protocol/paths/order.js';
import type { Leaf } from '../../protocol/values/value.js';
import { LeafCursor } from './leaf-cursor.js';

/** The leaves of two runs, each in store order (or its reverse) and without a path in common, as one such run. */
export function* mergeLeaves(
  left: Iterable<Leaf>,
  right: Iterable<Leaf>,
  reverse = false,
): Generator<Leaf, void, undefined> {
  const others = new LeafCursor(right);
  try {
    let other = others.next();
    for (const leaf of left) {
      const key = sortKeyOfPath(leaf.path);
      while (other !== undefined && (reverse ? other.key > key : other.key < key)) {
        yield other.leaf;
        other = others.next();
      }
      yield leaf;
    }
    for (; other !== undefined; other = others.next()) yield other.leaf;
  } finally {
    others.close();
  }
}
