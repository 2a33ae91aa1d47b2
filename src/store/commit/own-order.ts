import type { CommittedOperation } from '../../protocol/requests/operation.js';
import type { Path } from '../../protocol/paths/path.js';
import type { IndexDefinition } from '../../protocol/values/record-access.js';
import { rollbackCommands } from '../history/rollback.js';
import type { HeldState } from '../copying/held-state.js';
import { heldState } from '../copying/held-state.js';
import { ReplacedLeaves } from '../copying/replaced-leaves.js';
import type { StatePiece } from '../copying/state-piece.js';
import { StateRestore } from '../copying/state-restore.js';
import type { IndexUses, UseIndexesOptions } from '../indexes/build/index-uses.js';
import type { StandingIndex } from '../indexes/definitions.js';
import type { StoreIndexes } from '../indexes/store-indexes.js';
import type { LoggedRequest } from '../logged/logged-request.js';
import { workOf } from '../logged/logged-request.js';
import type { LoggedState } from '../logged/logged-state.js';
import type { LoggedFrame, LoggedOutcome } from '../logged/logged-work.js';
import type { Command } from '../operations/commands.js';
import type { CommitOutcome } from '../operations/planning.js';
import type { RollbackRequest, WriteContext } from '../requests.js';
import type { StoreStorage, StoredBlob } from '../storage.js';
import type { ChangeHub } from './change-hub.js';
import type { Committer } from './committer.js';
import { replacementNotification } from './replacement-notification.js';
import type { StoreCopy, WriteOrder } from './write-order.js';

/** What the order of a store is made by. */
export interface OrderParts {
  readonly storage: StoreStorage;
  readonly committer: Committer;
  readonly indexes: StoreIndexes;
  readonly indexUses: IndexUses;
  readonly hub: ChangeHub;
}

/** The order of a store that nobody else writes to: that of the calls. */
export class OwnOrder implements WriteOrder {
  readonly #parts: OrderParts;

  constructor(parts: OrderParts) {
    this.#parts = parts;
  }

  commit(context: WriteContext, command: Command): Promise<CommittedOperation> {
    return this.#parts.committer.commit(context, command);
  }

  commitBatch(context: WriteContext, commands: readonly Command[]): Promise<CommitOutcome> {
    return this.#parts.committer.commitBatch(context, commands);
  }

  rollback(request: RollbackRequest): Promise<CommitOutcome> {
    const { committer, storage } = this.#parts;
    return committer.commitMade(request, () => rollbackCommands(storage, request));
  }

  compact(keep: number | undefined): Promise<void> {
    return this.#parts.committer.compact(keep);
  }

  keepIndexes(
    prefix: Path,
    definitions: readonly IndexDefinition[],
    options: UseIndexesOptions,
  ): Promise<void> {
    return this.#parts.indexUses.keep(prefix, definitions, options);
  }

  dropIndex(prefix: Path, definition: IndexDefinition): Promise<boolean> {
    return this.#parts.indexUses.drop(prefix, definition);
  }

  ownIndexes(_: Path, definitions: readonly IndexDefinition[]): Promise<readonly IndexDefinition[]> {
    return Promise.resolve(definitions);
  }

  file(hash: string): Promise<StoredBlob | null> {
    return Promise.resolve(this.#parts.storage.blobs.get(hash) ?? null);
  }

  barrier(): Promise<void> {
    return Promise.resolve();
  }

  assertReadable(): void {
    // What it holds is all there is.
  }

  assertCurrent(): void {
    // Nobody else writes to it.
  }

  settled(): Promise<void> {
    return this.#parts.committer.settled();
  }

  close(): Promise<void> {
    return this.#parts.committer.settled();
  }
}

/** A store for those who order its writes elsewhere. */
export class FollowingCopy implements StoreCopy {
  readonly #parts: OrderParts;
  /** By all attempts to restore it since it was last whole. */
  readonly #replaced = new ReplacedLeaves();

  constructor(parts: OrderParts) {
    this.#parts = parts;
  }

  get storeSeq(): number {
    return this.#parts.storage.readCounters().storeSeq;
  }

  get logged(): LoggedState | undefined {
    return this.#parts.storage.readCounters().logged;
  }

  get indexes(): readonly StandingIndex[] {
    return this.#parts.indexUses.standing;
  }

  apply(frame: LoggedFrame<LoggedRequest>): Promise<readonly LoggedOutcome[]> {
    const { committer, storage } = this.#parts;
    const requests = frame.requests.map((request) => workOf(request, storage));
    return committer.applyLogged({ ...frame, requests });
  }

  keepIndexes(prefix: Path, definitions: readonly IndexDefinition[]): Promise<void> {
    return this.#parts.indexUses.keep(prefix, definitions);
  }

  dropIndex(prefix: Path, definition: IndexDefinition): Promise<boolean> {
    return this.#parts.indexUses.drop(prefix, definition);
  }

  file(hash: string): StoredBlob | undefined {
    return this.#parts.storage.blobs.get(hash);
  }

  keepFile(hash: string, blob: StoredBlob): Promise<void> {
    const { storage } = this.#parts;
    return storage.commit(() => {
      if (!storage.blobs.has(hash)) storage.blobs.put(hash, blob);
    });
  }

  get isRestoring(): boolean {
    return this.#parts.storage.readCounters().restoring === true;
  }

  hold(): HeldState {
    return heldState(this.#parts.storage.hold());
  }

  async restore(pieces: AsyncIterable<StatePiece>, signal?: AbortSignal): Promise<() => void> {
    const { storage, indexes, indexUses, hub } = this.#parts;
    hub.beginAnew();
    const replaced = hub.size === 0 ? undefined : this.#replaced;
    const onReplaced = (storeSeq: number): (() => void) => {
      const changes = this.#replaced.changes(storage.leaves);
      const notification = replacementNotification(hub, changes, storage.leaves, storeSeq);
      return () => {
        if (notification !== undefined) hub.publish([notification]);
      };
    };
    const restore = new StateRestore({ storage, indexes, indexUses, replaced, onReplaced }, signal);
    const tell = await restore.run(pieces);
    this.#replaced.clear();
    return tell;
  }
}
