import type { LeafChange } from '../../protocol/requests/operation.js';
import type { Leaf } from '../../protocol/values/value.js';
import { differenceOf } from '../../store/index.js';

/** What turns the leaves of `present` into those of `next`, both in store order, as changes in store order. */
export type SnapshotDiff = (present: Iterable<Leaf>, next: Iterable<Leaf>) => LeafChange[];

/**
 * The changes that turn one run of leaves into another. A leaf that stands as it was is no change when its revision
 * may be the old one: entries of a snapshot know only an upper bound (PROTOCOL §5.6).
 */
export const snapshotDiff: SnapshotDiff = differenceOf;
