import { sortKeyOfPath } from '../../protocol/paths/order.js';
import type { Leaf } from '../../protocol/values/value.js';

/** A leaf, with what it is ordered by. */
export interface KeyedLeaf {
  readonly key: string;
  readonly leaf: Leaf;
}

/**
 * A run of leaves taken one at a time, for those who walk two runs side by side. Its owner closes it on every way out:
 * behind a run may stand a cursor of a database, which ends with the run and not before.
 */
export class LeafCursor {
  readonly #leaves: Iterator<Leaf>;

  constructor(leaves: Iterable<Leaf>) {
    this.#leaves = leaves[Symbol.iterator]();
  }

  /** The next leaf, undefined behind the last. */
  next(): KeyedLeaf | undefined {
    const next = this.#leaves.next();
    return next.done === true ? undefined : { key: sortKeyOfPath(next.value.path), leaf: next.value };
  }

  /** Gives back what the run holds. Costs nothing behind the last leaf. */
  close(): void {
    this.#leaves.return?.();
  }
}

/** Whether a run has no leaf. Looks at one, and lets the run go. */
export function isEmpty(leaves: Iterable<Leaf>): boolean {
  for (const _ of leaves) return false;
  return true;
}
