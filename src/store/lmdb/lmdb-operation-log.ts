import type { Transaction } from 'lmdb';
import { freeze } from '../../protocol/values/freeze.js';
import type { CommittedOperation, OperationKind } from '../../protocol/requests/operation.js';
import type { Path } from '../../protocol/paths/path.js';
import type { JsonValue, LeafType } from '../../protocol/values/value.js';
import type { OperationLog } from '../storage.js';
import type { Entry, GuardedDatabase } from './guarded-database.js';
import type { WriteScope } from './write-scope.js';

/** An operation as it is stored under its seq, written as JSON text. */
export type StoredOperation = readonly [
  op: OperationKind,
  path: Path,
  value: JsonValue,
  deviceId: string | null,
  clientOpId: string | null,
  leafTypes?: readonly (readonly [Path, LeafType])[],
  commit?: readonly [first: number, last: number],
];

/** How many dropped operations each new one takes off the disk with it. */
const SWEPT_PER_APPEND = 4;

const FIRST = 'first';

/**
 * Operations by seq. A trim drops operations at once, but takes them off the disk little by little: a commit that
 * removed a hundred thousand would hold up everyone. Which client id belongs to which seq is kept in memory: client ids are random, and an
 * index of them on the disk would cost each write a page of its own. They are read from the log when one is asked for, as a store that only its own
 * process writes to never does.
 */
export class LmdbOperationLog implements OperationLog {
  readonly #db: GuardedDatabase<StoredOperation, number>;
  /** By client id, in the order of the seqs; undefined until one is asked for. */
  #seqByClientOp: Map<string, number> | undefined;
  readonly #border: GuardedDatabase<number, string>;
  readonly #scope: WriteScope;
  /** The oldest operation on the disk, dropped or not. */
  #oldest = 0;
  #first = 0;
  #last = 0;

  /** @param border where the seq of the oldest operation that was not dropped is kept */
  constructor(
    db: GuardedDatabase<StoredOperation, number>,
    border: GuardedDatabase<number, string>,
    scope: WriteScope,
  ) {
    this.#db = db;
    this.#border = border;
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
    this.#db.append(storeSeq, storedOperation(operation));
    if (this.#seqByClientOp !== undefined) remember(this.#seqByClientOp, clientOpId, storeSeq);
    if (this.#last === 0) this.#first = this.#oldest = storeSeq;
    this.#last = storeSeq;
    this.#sweep();
  }

  since(seq: number): Iterable<CommittedOperation> {
    const start = Math.max(seq + 1, this.#first);
    return operationsIn(this.#db, start);
  }

  findClientOp(clientOpId: string): number | undefined {
    this.#seqByClientOp ??= this.#readClientOps();
    return this.#seqByClientOp.get(clientOpId);
  }

  trim(throughSeq: number): void {
    const end = Math.min(throughSeq, this.#last);
    if (this.#last === 0 || this.#first > end) return;
    this.#scope.note();
    this.#forgetClientOps(end);
    this.#first = end + 1;
    this.#border.put(FIRST, this.#first);
  }

  clear(): void {
    this.#scope.note();
    this.#db.clear();
    this.#border.clear();
    this.reload();
  }

  /** Reads those that are kept now, behind a seq, as a transaction sees them. */
  hold(transaction: Transaction): (after: number) => Iterable<CommittedOperation> {
    const [db, first] = [this.#db.within(transaction), this.#first];
    return (after) => operationsIn(db, Math.max(after + 1, first));
  }

  /** Reads again what is kept in memory. */
  reload(): void {
    this.#findBorders();
    this.#seqByClientOp = undefined;
  }

  #readClientOps(): Map<string, number> {
    const seqs = new Map<string, number>();
    const ids = this.#db.range(
      { start: this.#first },
      (entry) => [wholeOperation(this.#db, entry)[4], entry.key] as const,
    );
    for (const [clientOpId, seq] of ids) remember(seqs, clientOpId, seq);
    return seqs;
  }

  /** Ids stand in the order of their seqs, which is the order of their arrival. */
  #forgetClientOps(throughSeq: number): void {
    if (this.#seqByClientOp === undefined) return;
    for (const [clientOpId, seq] of this.#seqByClientOp) {
      if (seq > throughSeq) return;
      this.#seqByClientOp.delete(clientOpId);
    }
  }

  #sweep(): void {
    const end = Math.min(this.#oldest + SWEPT_PER_APPEND, this.#first);
    for (; this.#oldest < end; this.#oldest++) this.#db.remove(this.#oldest);
  }

  #findBorders(): void {
    this.#oldest = this.#db.end(false) ?? 0;
    this.#first = Math.max(this.#oldest, this.#border.get(FIRST) ?? 0);
    this.#last = this.#db.end(true) ?? 0;
  }
}

function operationsIn(
  db: GuardedDatabase<StoredOperation, number>,
  start: number,
): Iterable<CommittedOperation> {
  return db.range({ start }, (entry) => operationOf(entry.key, wholeOperation(db, entry)));
}

function wholeOperation(
  db: GuardedDatabase<StoredOperation, number>,
  { key, value }: Entry<StoredOperation, number>,
): StoredOperation {
  if (!isStoredOperation(value)) throw db.damaged(key);
  return value;
}

/** An id that is there already moves to the end, where its newer seq belongs. */
function remember(seqs: Map<string, number>, clientOpId: string | null, seq: number): void {
  if (clientOpId === null) return;
  seqs.delete(clientOpId);
  seqs.set(clientOpId, seq);
}

/** Whether it is what {@link storedOperation} made. */
function isStoredOperation(stored: unknown): stored is StoredOperation {
  return (
    Array.isArray(stored) &&
    stored.length >= 5 &&
    stored.length <= 7 &&
    stored.slice(5).every((part) => Array.isArray(part)) &&
    typeof stored[0] === 'string' &&
    typeof stored[1] === 'string' &&
    (stored[4] === null || typeof stored[4] === 'string')
  );
}

function storedOperation(operation: CommittedOperation): StoredOperation {
  const { op, path, value, deviceId, clientOpId, leafTypes, commit } = operation;
  if (commit !== undefined) {
    const { first, last } = commit;
    return [op, path, value, deviceId, clientOpId, [...(leafTypes ?? [])], [first, last]];
  }
  return leafTypes === undefined
    ? [op, path, value, deviceId, clientOpId]
    : [op, path, value, deviceId, clientOpId, [...leafTypes]];
}

function operationOf(
  storeSeq: number,
  [op, path, value, deviceId, clientOpId, leafTypes = [], commit]: StoredOperation,
): CommittedOperation {
  return {
    storeSeq,
    op,
    path,
    value: freeze(value),
    deviceId,
    clientOpId,
    ...(leafTypes.length === 0 ? {} : { leafTypes: new Map(leafTypes) }),
    ...(commit === undefined ? {} : { commit: { first: commit[0], last: commit[1] } }),
  };
}
