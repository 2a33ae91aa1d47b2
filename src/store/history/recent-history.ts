import type { CommittedOperation } from '../../protocol/requests/operation.js';

/** An operation and when it was committed, in milliseconds since the Unix epoch. */
export interface TimedOperation {
  readonly operation: CommittedOperation;
  readonly committedAt: number;
}

/** What happened lately, as far as this process saw it. */
export interface StoreHistory {
  /** The last operations, newest first, at most ten. */
  readonly operations: readonly TimedOperation[];
  /** When the last compaction was made; null when there was none, or before this process. */
  readonly compactedAt: number | null;
}

const REMEMBERED = 10;

/** When things happened, of which the log keeps no note: the last operations and the last compaction of this process. */
export class RecentHistory {
  #operations: TimedOperation[] = [];
  #compaction: { readonly seq: number; readonly at: number } | undefined;

  /** Newest first, at most ten. */
  get operations(): readonly TimedOperation[] {
    return this.#operations.toReversed();
  }

  noteOperations(operations: readonly CommittedOperation[], committedAt: number): void {
    const latest = operations.map((operation) => ({ operation, committedAt }));
    this.#operations = [...this.#operations, ...latest].slice(-REMEMBERED);
  }

  noteCompaction(seq: number, at: number): void {
    this.#compaction = { seq, at };
  }

  /** When the compaction at `seq` was made; null when that was before this process. */
  compactedAt(seq: number): number | null {
    return this.#compaction?.seq === seq ? this.#compaction.at : null;
  }
}
