import type { LeafChange } from '../../protocol/requests/operation.js';
import { inStoreOrder } from '../../protocol/paths/order.js';
import type { Path } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { ReadableTree } from '../leaf-tree.js';
import { isSameLeaf } from '../reading/difference.js';

/** What leaves were before a state was replaced by another one, however many attempts that took: for those who are told what differs. */
export class ReplacedLeaves {
  readonly #before = new Map<Path, Leaf | undefined>();

  note(changes: readonly LeafChange[]): void {
    for (const { path, before } of changes) if (!this.#before.has(path)) this.#before.set(path, before);
  }

  /** What has become of them, in store order. `tree` is as it is then. */
  changes(tree: ReadableTree): readonly LeafChange[] {
    const changes: LeafChange[] = [];
    for (const [path, before] of this.#before) {
      const after = tree.get(path);
      if (isSame(before, after)) continue;
      changes.push({ path, ...(before && { before }), ...(after && { after }) });
    }
    return inStoreOrder(changes, ({ path }) => path);
  }

  clear(): void {
    this.#before.clear();
  }
}

function isSame(before: Leaf | undefined, after: Leaf | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  return isSameLeaf(before, after);
}
