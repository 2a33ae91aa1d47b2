import { jsonEquals } from '../../protocol/values/json.js';
import type { LeafChange } from '../../protocol/requests/operation.js';
import { sortKeyOfPath } from '../../protocol/paths/order.js';
import type { Leaf } from '../../protocol/values/value.js';
import { LeafCursor } from './leaf-cursor.js';

/** The changes that turn one run of leaves, in store order, into another one, in store order, too. */
export function differenceOf(present: Iterable<Leaf>, next: Iterable<Leaf>): LeafChange[] {
  const cursor = new LeafCursor(present);
  try {
    return changesBetween(cursor, next);
  } finally {
    cursor.close();
  }
}

function changesBetween(present: LeafCursor, next: Iterable<Leaf>): LeafChange[] {
  const changes: LeafChange[] = [];
  let before = present.next();
  for (const after of next) {
    const key = sortKeyOfPath(after.path);
    for (; before !== undefined && before.key < key; before = present.next()) {
      changes.push({ path: before.leaf.path, before: before.leaf });
    }
    if (before?.key === key) {
      if (!isSameLeaf(before.leaf, after)) changes.push({ path: after.path, before: before.leaf, after });
      before = present.next();
    } else {
      changes.push({ path: after.path, after });
    }
  }
  for (; before !== undefined; before = present.next()) {
    changes.push({ path: before.leaf.path, before: before.leaf });
  }
  return changes;
}

/** Whether two leaves of a path are equal, by value, type and revision. */
export function isSameLeaf(before: Leaf, after: Leaf): boolean {
  return (
    before.type === after.type && before.revision === after.revision && jsonEquals(before.value, after.value)
  );
}
