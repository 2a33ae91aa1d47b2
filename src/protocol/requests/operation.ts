import type { Path } from '../paths/path.js';
import type { JsonValue, Leaf, LeafType } from '../values/value.js';

/** The operations of a store (PROTOCOL §2). */
export type OperationKind =
  'set' | 'delete' | 'merge' | 'increment' | 'add' | 'remove' | 'put_file' | 'lease' | 'renew' | 'release';

/** All of them. */
export const OPERATION_KINDS: readonly OperationKind[] = [
  'set',
  'delete',
  'merge',
  'increment',
  'add',
  'remove',
  'put_file',
  'lease',
  'renew',
  'release',
];

const KNOWN_KINDS: ReadonlySet<unknown> = new Set(OPERATION_KINDS);

/** Whether what was read from elsewhere names an operation. */
export function isOperationKind(value: unknown): value is OperationKind {
  return KNOWN_KINDS.has(value);
}

/** The seqs of the first and of the last operation of a commit: what one request or one batch wrote, all or nothing. */
export interface CommitRange {
  /** The seq of its first operation. */
  readonly first: number;
  /** The seq of its last operation. */
  readonly last: number;
}

/**
 * An operation that a store has committed, as it is logged and broadcast. `value` is the written value for `set` and
 * `merge`, the new total for `increment`, the whole set for `add` and `remove`, the envelope for `put_file`, `lease`
 * and `renew`, and null for `delete` and `release`.
 */
export interface CommittedOperation {
  /** Its place in the store's one order: 1, 2, 3 … without holes. */
  readonly storeSeq: number;
  /** What was done. */
  readonly op: OperationKind;
  /** Where: what lies below it may have changed too. */
  readonly path: Path;
  /** What was written, as described above. */
  readonly value: JsonValue;
  /** Who wrote it: the writer's device id, null when unknown. */
  readonly deviceId: string | null;
  /** The writer's id of the operation, null when it gave none. */
  readonly clientOpId: string | null;
  /** Of a `set`: the types of those leaves, by path, whose values alone would tell another one. */
  readonly leafTypes?: ReadonlyMap<Path, LeafType> | undefined;
  /** The commit it belongs to. Absent: it is one of its own. */
  readonly commit?: CommitRange | undefined;
}

/** What one operation did to one leaf. Absent `before`: the leaf is new. Absent `after`: it is gone. */
export interface LeafChange {
  readonly path: Path;
  readonly before?: Leaf;
  readonly after?: Leaf;
}

/** A write applies only while `key` holds a live lease with this token (PROTOCOL §6). */
export interface Fence {
  /** Where the lease lies. */
  readonly key: Path;
  /** The token it was granted with. */
  readonly token: number;
}

/** A commit, with those of its operations that concern who watches a pattern. */
export interface Commit extends CommitRange {
  /** In store order; at least one. */
  readonly operations: readonly CommittedOperation[];
}

/** How one commit left one record. */
export interface RecordChange {
  /** The record's segment below the watched prefix, unescaped. */
  readonly slug: string;
  /** Whether the record had any leaf before the commit. */
  readonly existed: boolean;
  /** The record's leaves right after the commit, in store order; empty when it is gone. */
  readonly leaves: readonly Leaf[];
  /** The record's leaves right before the commit, in store order; empty when there was none. Undefined where that is not known. */
  readonly before?: readonly Leaf[] | undefined;
}

/** A commit with the records of one prefix whose state it changed. */
export interface RecordCommit extends CommitRange {
  /** Who wrote it: the writer's device id, null when unknown. */
  readonly deviceId: string | null;
  /** Its operations, in store order, those that did not concern the records included. */
  readonly operations: readonly CommittedOperation[];
  /** The records that it left other than it found them, in store order; at least one. */
  readonly records: readonly RecordChange[];
  /**
   * The store had moved back, as one that was begun anew or put back from a copy has: this is what differs from what was
   * known before. Seqs from before it say nothing any more, and may be higher.
   */
  readonly movedBack?: true | undefined;
}

/** The commit that an operation belongs to. */
export function commitOf({ storeSeq, commit }: CommittedOperation): CommitRange {
  return commit ?? { first: storeSeq, last: storeSeq };
}
