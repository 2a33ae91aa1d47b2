import type { CommittedOperation } from '../../protocol/requests/operation.js';
import type { Leaf } from '../../protocol/values/value.js';
import { jsonEquals } from '../../protocol/values/json.js';
import type {
  AppliedOperation,
  ChangeHub,
  OperationChanges,
  PendingNotification,
  StoreIndexes,
  StoreStorage,
} from '../../store/index.js';
import { applyChanges, changesOf, isEmpty, replacementNotification } from '../../store/index.js';
import type { SyncEngineParts } from '../parts.js';
import type { PrefixScope } from './prefix-scope.js';

/** An operation to apply. One that is `superseded` only moves the seq: a later one decides over its leaf. */
export interface OperationToApply {
  readonly operation: CommittedOperation;
  readonly isSuperseded?: boolean;
}

/** The operations of one commit, in store order: at least one. */
export type CommitToApply = readonly OperationToApply[];

/** What a {@link Mirror} is made of. */
export interface MirrorOptions {
  /** The store it mirrors, `org/name`. */
  readonly store: string;
  readonly storage: StoreStorage;
  readonly hub: ChangeHub;
  readonly indexes: StoreIndexes;
  readonly scope: PrefixScope;
  readonly parts: Pick<SyncEngineParts, 'snapshotDiff' | 'persistedSeq'>;
}

/** Where the mirror notes what it mirrors. No content has such a hash. */
const IDENTITY = 'dust-orm:mirror';

/**
 * The leaves of a store, kept in a storage together with the seq they stand at: both change in one commit, and
 * watchers hear of it when the commit is certain.
 */
export class Mirror {
  readonly #storage: StoreStorage;
  readonly #hub: ChangeHub;
  readonly #indexes: StoreIndexes;
  readonly #scope: PrefixScope;
  readonly #parts: MirrorOptions['parts'];
  readonly #identity: string;
  #storeSeq: number;
  #isNoted: boolean;

  constructor({ store, storage, hub, indexes, scope, parts }: MirrorOptions) {
    this.#storage = storage;
    this.#hub = hub;
    this.#indexes = indexes;
    this.#scope = scope;
    this.#parts = parts;
    this.#identity = JSON.stringify([store, scope.identity]);
    // A mirror of another store, or of other prefixes, is none of this one.
    this.#isNoted = this.#isKnown();
    this.#storeSeq = this.#isNoted ? storage.readCounters().storeSeq : 0;
  }

  /** Every operation up to this one is in the leaves. */
  get storeSeq(): number {
    return this.#storeSeq;
  }

  /** Whether leaves of an unknown state are left: those of a store that moved backwards, or of other prefixes. */
  get hasStaleLeaves(): boolean {
    return this.#storeSeq === 0 && !isEmpty(this.#leaves());
  }

  /** Applies commits in the order given. `highestKnown` is the greatest seq that was heard of. */
  async apply(commits: readonly CommitToApply[], highestKnown: number): Promise<void> {
    const last = commits.at(-1)?.at(-1);
    if (last === undefined) return;
    const { storeSeq } = last.operation;
    const notifications = await this.#commit(() => {
      const collected = commits.flatMap((commit) => this.#applyOne(commit) ?? []);
      this.#keepSeq(storeSeq, highestKnown);
      return collected;
    });
    this.#standAt(storeSeq);
    this.#hub.publish(notifications);
  }

  /**
   * Makes the leaves those of the state at `storeSeq`. `leaves` are in store order; where `areRevisionsBounds`, an
   * unchanged leaf keeps the revision it had.
   */
  async replace(leaves: Iterable<Leaf>, storeSeq: number, areRevisionsBounds: boolean): Promise<void> {
    const notification = await this.#commit(() => {
      const tree = this.#storage.leaves;
      const movedBack = this.hasStaleLeaves || undefined;
      const next = areRevisionsBounds ? this.#withOldRevisions(leaves) : leaves;
      const changes = this.#parts.snapshotDiff(this.#leaves(), next);
      this.#indexes.held.noteLeaves(changes);
      applyChanges(changes, tree);
      this.#keepEntries(changes.map((change) => ({ operation: change, changes: [change] })));
      this.#keepSeq(storeSeq, storeSeq);
      return replacementNotification(this.#hub, changes, tree, storeSeq, movedBack);
    });
    this.#standAt(storeSeq);
    if (notification !== undefined) this.#hub.publish([notification]);
  }

  /** Begins again from 0. The leaves stay readable until {@link replace}. */
  async forget(): Promise<void> {
    await this.#storage.commit(() => {
      this.#keepSeq(0, 0);
    });
    this.#standAt(0);
  }

  /** What is undone is undone for those who hold a moment, too. */
  async #commit<T>(work: () => T): Promise<T> {
    try {
      return await this.#storage.commit(work);
    } catch (error) {
      this.#indexes.held.giveUp();
      throw error;
    }
  }

  #applyOne(commit: CommitToApply): PendingNotification | undefined {
    const tree = this.#storage.leaves;
    const applied: AppliedOperation[] = [];
    for (const { operation, isSuperseded = false } of commit) {
      if (isSuperseded || !this.#scope.isReachedFrom(operation.path)) continue;
      const changes = this.#scope.within(changesOf(operation, tree), operation.path);
      this.#indexes.held.noteLeaves(changes);
      applyChanges(changes, tree);
      applied.push({ operation, changes });
    }
    this.#keepEntries(applied);
    return this.#hub.collect(applied, tree);
  }

  /** To be called when the leaves are as the commit leaves them. */
  #keepEntries(applied: readonly OperationChanges[]): void {
    const entries = this.#indexes.plan(applied, this.#storage.leaves);
    if (entries !== undefined) this.#indexes.write(entries);
  }

  #keepSeq(contiguous: number, highestKnown: number): void {
    const storeSeq = this.#parts.persistedSeq(contiguous, highestKnown);
    this.#storage.writeCounters({ storeSeq, snapshotSeq: 0 });
    if (this.#isNoted) return;
    this.#storage.blobs.put(IDENTITY, { content: Buffer.from(this.#identity), contentType: 'text/plain' });
  }

  /** To be called when the commit is certain: until then the storage may still undo it. */
  #standAt(storeSeq: number): void {
    this.#storeSeq = storeSeq;
    this.#isNoted = true;
  }

  #isKnown(): boolean {
    const noted = this.#storage.blobs.get(IDENTITY);
    return noted !== undefined && Buffer.from(noted.content).toString() === this.#identity;
  }

  #leaves(): Iterable<Leaf> {
    return this.#storage.leaves.range({});
  }

  *#withOldRevisions(leaves: Iterable<Leaf>): Generator<Leaf> {
    for (const leaf of leaves) {
      const old = this.#storage.leaves.get(leaf.path);
      const isUnchanged =
        old?.type === leaf.type && old.revision <= leaf.revision && jsonEquals(old.value, leaf.value);
      yield isUnchanged ? old : leaf;
    }
  }
}
