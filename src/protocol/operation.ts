import type { Path } from './path.js';
import type { JsonValue, Leaf } from './value.js';

/** The operations of a store (PROTOCOL §2). */
export type OperationKind =
  'set' | 'delete' | 'merge' | 'increment' | 'add' | 'remove' | 'put_file' | 'lease' | 'renew' | 'release';

/**
 * An operation that a store has committed, as it is logged and broadcast. `value` is the written value for `set` and
 * `merge`, the new total for `increment`, the whole set for `add` and `remove`, the envelope for `put_file`, `lease`
 * and `renew`, and null for `delete` and `release`.
 */
export interface CommittedOperation {
  readonly storeSeq: number;
  readonly op: OperationKind;
  readonly path: Path;
  readonly value: JsonValue;
  /** Who wrote it: the writer's device id, null when unknown. */
  readonly deviceId: string | null;
  /** The writer's id of the operation, null when it gave none. */
  readonly clientOpId: string | null;
}

/** What one operation did to one leaf. Absent `before`: the leaf is new. Absent `after`: it is gone. */
export interface LeafChange {
  readonly path: Path;
  readonly before?: Leaf;
  readonly after?: Leaf;
}
