import type { Database } from 'lmdb';
import type { CommittedOperation, OperationKind } from '../../protocol/operation.js';
import type { Path } from '../../protocol/path.js';
import type { JsonValue, LeafType } from '../../protocol/value.js';
import type { OperationLog } from '../storage.js';
import { freeze } from './stored-leaf.js';
import type { WriteScope } from './write-scope.js';

/** An operation as it is stored under its seq, written as JSON text. */
export type StoredOperation = readonly [
  op: OperationKind,
  path: Path,
  value: JsonValue,
  deviceId: string | null,
  clientOpId: string | null,
  leafTypes?: readonly (readonly [Path, LeafType])[],
];

/**
 * Operations by seq. Which client id belongs to which seq is kept in memory and read from the log when it is opened:
 * client ids are random, and an index of them on the disk would cost each write a page of its own.
 */
export class LmdbOperationLog implements OperationLog {
  readonly #db: Database<StoredOperation, number>;
  readonly #seqByClientOp = new Map<string, number>();
  readonly #scope: WriteScope;
  #first = 0;
  #last = 0;

  constructor(db: Database<StoredOperation, number>, scope: WriteScope) {
    this.#db = db;
    this.#scope = scope;
    this.reload();
  }

  get size(): number {
    return this.#last === 0 ? 0 : this.#last - this.#first + 1;
  }

  /** The seq of the newest operation kept, 0 when there is none. */
  get last(): number {
    return this.#last;
  }

  append(operation: CommittedOperation): void {
    const { storeSeq, clientOpId } = operation;
    this.#scope.note();
    this.#db.putSync(storeSeq, storedOperation(operation), { append: true });
    this.#remember(clientOpId, storeSeq);
    if (this.#last === 0) this.#first = storeSeq;
    this.#last = storeSeq;
  }

  *since(seq: number): Iterable<CommittedOperation> {
    for (const { key, value } of this.#db.getRange({ start: seq + 1 })) yield operationOf(key, value);
  }

  findClientOp(clientOpId: string): number | undefined {
    return this.#seqByClientOp.get(clientOpId);
  }

  trim(throughSeq: number): void {
    const end = Math.min(throughSeq, this.#last);
    if (this.#last === 0 || this.#first > end) return;
    for (let seq = this.#first; seq <= end; seq++) {
      this.#scope.note();
      this.#db.removeSync(seq);
    }
    this.#forgetClientOps(end);
    this.#findBorders();
  }

  /** Reads again what is kept in memory. */
  reload(): void {
    this.#findBorders();
    this.#seqByClientOp.clear();
    for (const { key, value } of this.#db.getRange({})) {
      this.#remember(value[4], key);
    }
  }

  /** Ids stand in the order of their seqs, which is the order of their arrival. */
  #forgetClientOps(throughSeq: number): void {
    for (const [clientOpId, seq] of this.#seqByClientOp) {
      if (seq > throughSeq) return;
      this.#seqByClientOp.delete(clientOpId);
    }
  }

  /** An id that is there already moves to the end, where its newer seq belongs. */
  #remember(clientOpId: string | null, seq: number): void {
    if (clientOpId === null) return;
    this.#seqByClientOp.delete(clientOpId);
    this.#seqByClientOp.set(clientOpId, seq);
  }

  #findBorders(): void {
    this.#first = this.#border(false);
    this.#last = this.#border(true);
  }

  #border(reverse: boolean): number {
    for (const seq of this.#db.getKeys({ limit: 1, reverse })) return seq;
    return 0;
  }
}

function storedOperation(operation: CommittedOperation): StoredOperation {
  const { op, path, value, deviceId, clientOpId, leafTypes } = operation;
  return leafTypes === undefined
    ? [op, path, value, deviceId, clientOpId]
    : [op, path, value, deviceId, clientOpId, [...leafTypes]];
}

function operationOf(
  storeSeq: number,
  [op, path, value, deviceId, clientOpId, leafTypes]: StoredOperation,
): CommittedOperation {
  const operation = { storeSeq, op, path, value: freeze(value), deviceId, clientOpId };
  return leafTypes === undefined ? operation : { ...operation, leafTypes: new Map(leafTypes) };
}
