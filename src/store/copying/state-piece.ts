import type { CommittedOperation } from '../../protocol/requests/operation.js';
import type { IndexDefinition } from '../../protocol/values/record-access.js';
import type { Leaf } from '../../protocol/values/value.js';
import type { StoreCounters } from '../storage.js';

/** What a state begins with. */
export interface StateHead {
  readonly kind: 'head';
  readonly counters: StoreCounters;
  /** The indexes that others count on. Their entries follow from the leaves. */
  readonly indexes: readonly IndexDefinition[];
}

/**
 * A piece of all that a copy of a store must hold to go on from where it stands, but for the contents of files: the head, then leaves,
 * then those that the last compaction's snapshot needs beside them, each in store order, then the kept operations of the log.
 */
export type StatePiece =
  | StateHead
  | { readonly kind: 'leaves' | 'overlay'; readonly leaves: readonly Leaf[] }
  | { readonly kind: 'operations'; readonly operations: readonly CommittedOperation[] };
