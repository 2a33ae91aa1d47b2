import type { CommittedOperation } from '../../protocol/requests/operation.js';
import type { Leaf } from '../../protocol/values/value.js';
import { snapshotLeaves } from './compaction.js';
import { invalidCall } from '../../protocol/requests/request-errors.js';
import type { StoreStorage } from '../storage.js';

/** What a reader lacks: the snapshot in place of all it has, if it is too far behind; then the operations. */
export interface CatchUp {
  /** The leaves of the last compaction in store order, given when the reader has not seen everything up to it. */
  readonly snapshot?: { readonly seq: number; readonly entries: readonly Leaf[] };
  readonly operations: readonly CommittedOperation[];
  /** The seq the reader stands at when it has applied all of this. */
  readonly throughSeq: number;
}

/** What a reader who has seen everything up to `sinceSeq` lacks (PROTOCOL §4). */
export function catchUpSince(storage: StoreStorage, sinceSeq: number): CatchUp {
  if (!Number.isSafeInteger(sinceSeq) || sinceSeq < 0) {
    throw invalidCall(
      'invalid_seq',
      `A reader catches up from a seq of 0 or more, not from ${String(sinceSeq)}.`,
    );
  }
  const { storeSeq, snapshotSeq } = storage.readCounters();
  const operations = [...storage.log.since(Math.max(sinceSeq, snapshotSeq))];
  if (snapshotSeq <= sinceSeq) return { operations, throughSeq: storeSeq };
  const entries = [...snapshotLeaves(storage, snapshotSeq)];
  return { snapshot: { seq: snapshotSeq, entries }, operations, throughSeq: storeSeq };
}
