import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { assertNotAborted } from '../../abort-listener.js';
import { comparePaths } from '../../protocol/paths/order.js';
import type { Path } from '../../protocol/paths/path.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { IndexUses } from '../indexes/build/index-uses.js';
import type { StoreIndexes } from '../indexes/store-indexes.js';
import { applyChanges } from '../operations/operation-effects.js';
import { differenceOf } from '../reading/difference.js';
import type { StoreStorage } from '../storage.js';
import type { ReplacedLeaves } from './replaced-leaves.js';
import type { StateHead, StatePiece } from './state-piece.js';

/** How many leaves that are there are looked at in one commit. */
const LEAVES_PER_COMMIT = 4_000;

/** What a {@link StateRestore} works with. */
export interface StateRestoreParts {
  readonly storage: StoreStorage;
  readonly indexes: StoreIndexes;
  readonly indexUses: IndexUses;
  /** Notes what leaves were; undefined when nobody is to hear of it. */
  readonly replaced: ReplacedLeaves | undefined;
  /** Is called in the last commit, when the leaves are as that leaves them. Returns what is to be done when it is certain, and all of it is shown. */
  readonly onReplaced: (storeSeq: number) => () => void;
}

/**
 * Makes the state of a storage another one, piece by piece in commits of their own, by writing what differs. Until all of it is there the
 * counters say that it is being restored; whenever it ends before, it is to be begun again, with whatever state.
 */
export class StateRestore {
  readonly #parts: StateRestoreParts;
  readonly #signal: AbortSignal | undefined;
  /** The leaves up to here are those of the new state. */
  #through: Path | undefined;
  #head: StateHead | undefined;
  #areLeavesDone = false;

  constructor(parts: StateRestoreParts, signal?: AbortSignal) {
    this.#parts = parts;
    this.#signal = signal;
  }

  /** Returns what {@link StateRestoreParts.onReplaced} did. @throws what the pieces fail with, and the medium; DustError `aborted` */
  async run(pieces: AsyncIterable<StatePiece>): Promise<() => void> {
    for await (const piece of pieces) {
      await this.#take(piece);
      // A storage in memory is done at once.
      await turnOfTheLoop();
      assertNotAborted(this.#signal);
    }
    const head = this.#head;
    if (head === undefined) throw new TypeError('a state without a head was to be restored');
    await this.#endLeaves();
    await this.#parts.indexUses.keepOnly(head.indexes);
    return this.#finish(head);
  }

  async #take(piece: StatePiece): Promise<void> {
    const { storage } = this.#parts;
    switch (piece.kind) {
      case 'head':
        return this.#begin(piece);
      case 'leaves':
        return this.#takeLeaves(piece.leaves);
      case 'overlay':
        await this.#endLeaves();
        return storage.commit(() => {
          for (const leaf of piece.leaves) storage.overlay.put(leaf);
        });
      case 'operations':
        await this.#endLeaves();
        return storage.commit(() => {
          for (const operation of piece.operations) storage.log.append(operation);
        });
    }
  }

  async #begin(head: StateHead): Promise<void> {
    const { storage, indexes } = this.#parts;
    this.#head = head;
    await storage.commit(() => {
      storage.writeCounters({ storeSeq: head.counters.storeSeq, snapshotSeq: 0, restoring: true });
      storage.overlay.clear();
      storage.log.clear();
    });
    // Nobody reads what is neither the old state nor the new one.
    indexes.held.giveUp();
  }

  async #takeLeaves(leaves: readonly Leaf[]): Promise<void> {
    const last = leaves.at(-1);
    if (last === undefined) return;
    let rest = leaves;
    while (rest.length > 0) {
      const next = rest;
      const taken = await this.#commitLeaves(next, last.path);
      rest = next.slice(taken);
      if (rest.length > 0) await turnOfTheLoop();
    }
  }

  /** Drops what lies behind the last leaf. */
  async #endLeaves(): Promise<void> {
    if (this.#areLeavesDone) return;
    while ((await this.#commitLeaves([], undefined)) === undefined) await turnOfTheLoop();
    this.#areLeavesDone = true;
  }

  /**
   * Brings the leaves up to and including `end`, or all of them, as far as one commit goes. Returns how many of `next` there are
   * then; undefined when there are more to be dropped.
   */
  async #commitLeaves(next: readonly Leaf[], end: Path | undefined): Promise<number | undefined> {
    const { storage, indexes } = this.#parts;
    return storage.commit(() => {
      const present = this.#present(end);
      const isCut = present.length === LEAVES_PER_COMMIT;
      const through = isCut ? present.at(-1)!.path : end;
      const behind =
        through === undefined ? -1 : next.findIndex(({ path }) => comparePaths(path, through) > 0);
      const taken = behind === -1 ? next.length : behind;
      const changes = differenceOf(present, next.slice(0, taken));
      applyChanges(changes, storage.leaves);
      const entries = indexes.plan(
        changes.map((change) => ({ operation: change, changes: [change] })),
        storage.leaves,
      );
      if (entries !== undefined) indexes.write(entries);
      this.#parts.replaced?.note(changes);
      this.#through = through;
      return isCut && end === undefined ? undefined : taken;
    });
  }

  /** The next leaves that are there, up to and including `end`. */
  #present(end: Path | undefined): readonly Leaf[] {
    const after = this.#through;
    const present: Leaf[] = [];
    for (const leaf of this.#parts.storage.leaves.range(after === undefined ? {} : { after })) {
      if (end !== undefined && comparePaths(leaf.path, end) > 0) break;
      present.push(leaf);
      if (present.length === LEAVES_PER_COMMIT) break;
    }
    return present;
  }

  #finish({ counters }: StateHead): Promise<() => void> {
    const { storage, onReplaced } = this.#parts;
    return storage.commit(() => {
      storage.writeCounters(counters);
      return onReplaced(counters.storeSeq);
    });
  }
}
