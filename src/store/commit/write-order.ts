import type { ClusterMember } from '../../protocol/requests/cluster-member.js';
import type { CommittedOperation } from '../../protocol/requests/operation.js';
import type { Path } from '../../protocol/paths/path.js';
import type { IndexDefinition } from '../../protocol/values/record-access.js';
import type { HeldState } from '../copying/held-state.js';
import type { StatePiece } from '../copying/state-piece.js';
import type { UseIndexesOptions } from '../indexes/build/index-uses.js';
import type { StandingIndex } from '../indexes/definitions.js';
import type { LoggedRequest } from '../logged/logged-request.js';
import type { LoggedState } from '../logged/logged-state.js';
import type { LoggedFrame, LoggedOutcome } from '../logged/logged-work.js';
import type { Command } from '../operations/commands.js';
import type { CommitOutcome } from '../operations/planning.js';
import type { RollbackRequest, WriteContext } from '../requests.js';
import type { StoredBlob } from '../storage.js';

/**
 * Where the writes of a store get their order: from the store itself, or from a log outside of it that several copies of the store
 * follow. Everything it is given was checked for its form. What each call fails with is what the store's own methods name.
 */
export interface WriteOrder {
  commit(context: WriteContext, command: Command): Promise<CommittedOperation>;
  commitBatch(context: WriteContext, commands: readonly Command[]): Promise<CommitOutcome>;
  rollback(request: RollbackRequest): Promise<CommitOutcome>;
  /** @param keep default: what the store keeps */
  compact(keep: number | undefined): Promise<void>;
  /** Indexes that decide what is refused. Resolves when they stand. */
  keepIndexes(
    prefix: Path,
    definitions: readonly IndexDefinition[],
    options: UseIndexesOptions,
  ): Promise<void>;
  dropIndex(prefix: Path, definition: IndexDefinition): Promise<boolean>;
  /** Those of the definitions that this copy builds for itself; the others stand when it resolves. */
  ownIndexes(
    prefix: Path,
    definitions: readonly IndexDefinition[],
    options: UseIndexesOptions,
  ): Promise<readonly IndexDefinition[]>;
  /** The content behind a hash. */
  file(hash: string): Promise<StoredBlob | null>;
  /**
   * Resolves when this copy shows everything that was acknowledged anywhere before the call; with `minSeq` already when it shows the
   * operation with that seq.
   */
  barrier(minSeq?: number): Promise<void>;
  /** @throws DustError when nothing may be read here any more */
  assertReadable(): void;
  /** @throws DustError when what is read here may be long out of date */
  assertCurrent(): void;
  /** Milliseconds since this copy was all that the log had; left out where there is no log, undefined when it never was. */
  readonly lag?: number | undefined;
  /** The nodes that share the log and have made themselves known, as far as this copy has come; left out where there is no log. */
  readonly members?: readonly ClusterMember[] | undefined;
  /** Resolves when everything begun so far is acknowledged or refused. Never rejects. */
  settled(): Promise<void>;
  /** Begins nothing any more. Resolves when nothing is under way. */
  close(): Promise<void>;
}

/** A store as those see it who order its writes elsewhere: how far it has come, and how it goes on. */
export interface StoreCopy {
  /** The seq of its last operation. */
  readonly storeSeq: number;
  /** What it remembers of the log; undefined when it follows none, or was written to by itself. */
  readonly logged: LoggedState | undefined;
  /** The indexes that stand. */
  readonly indexes: readonly StandingIndex[];
  /**
   * Applies what the log has ordered, in one commit of the storage: copies that are given the same frames are equal. What is refused is an
   * outcome, the same on all of them.
   *
   * @throws DustError `storage` when the medium fails, after which nothing of the frame is there
   */
  apply(frame: LoggedFrame<LoggedRequest>): Promise<readonly LoggedOutcome[]>;
  keepIndexes(prefix: Path, definitions: readonly IndexDefinition[]): Promise<void>;
  dropIndex(prefix: Path, definition: IndexDefinition): Promise<boolean>;
  file(hash: string): StoredBlob | undefined;
  /** Keeps a content that came from elsewhere. */
  keepFile(hash: string, blob: StoredBlob): Promise<void>;
  /** Whether it ended while its state was replaced: it is no store until {@link StoreCopy.restore} has come to its end. */
  readonly isRestoring: boolean;
  /** All of its state at this moment. Whoever holds it releases it. @throws DustError `storage`, `closed` */
  hold(): HeldState;
  /**
   * Replaces its state by one that another copy has held, in commits of bounded size. To be called when nothing else is applied, and when
   * nobody reads until it has come to its end: where it fails, it is to be called again. Resolves to what tells watchers of what differs, as of
   * one commit: to be called when they may read again, and before anything else is applied.
   *
   * @throws DustError `storage` when the medium fails, `aborted`, `closed`, and what the pieces fail with
   */
  restore(pieces: AsyncIterable<StatePiece>, signal?: AbortSignal): Promise<() => void>;
}
