import type { CommittedOperation } from '../../protocol/requests/operation.js';
import type { Leaf } from '../../protocol/values/value.js';
import { MemoryLeafTree, applyChanges, changesOf } from '../../store/index.js';
import type { CommitToApply } from '../mirror/mirror.js';
import type { PrefixScope } from '../mirror/prefix-scope.js';

/**
 * A mirror built from nothing beside one that is no longer right: the store moved backwards (PROTOCOL §5.7). When it
 * is whole it takes the other's place, as a snapshot would.
 */
export class Rebuild {
  readonly #scope: PrefixScope;
  #tree = new MemoryLeafTree();
  #storeSeq = 0;

  constructor(scope: PrefixScope) {
    this.#scope = scope;
  }

  /** Every operation up to this one is in the leaves. */
  get storeSeq(): number {
    return this.#storeSeq;
  }

  /** The leaves, in store order. */
  leaves(): Iterable<Leaf> {
    return this.#tree.range({});
  }

  apply(commits: readonly CommitToApply[]): void {
    for (const { operation, isSuperseded = false } of commits.flat()) {
      if (!isSuperseded) this.#applyOne(operation);
      this.#storeSeq = operation.storeSeq;
    }
  }

  replace(leaves: Iterable<Leaf>, storeSeq: number): void {
    this.#tree = new MemoryLeafTree();
    for (const leaf of leaves) this.#tree.put(leaf);
    this.#storeSeq = storeSeq;
  }

  #applyOne(operation: CommittedOperation): void {
    if (!this.#scope.isReachedFrom(operation.path)) return;
    const changes = changesOf(operation, this.#tree);
    applyChanges(this.#scope.within(changes, operation.path), this.#tree);
  }
}
