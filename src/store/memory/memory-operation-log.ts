import type { CommittedOperation } from '../../protocol/requests/operation.js';
import type { OperationLog } from '../storage.js';

/** Kept operations in memory: those before `#head` are dropped, and their room is given back when it is half of all. */
export class MemoryOperationLog implements OperationLog {
  #operations: CommittedOperation[] = [];
  #head = 0;
  /** Brought up to date when it is asked: most writers never repeat a write and give no id to ask for. */
  readonly #seqByClientOp = new Map<string, number>();
  #indexedThrough = 0;

  get size(): number {
    return this.#operations.length - this.#head;
  }

  append(operation: CommittedOperation): void {
    this.#operations.push(operation);
  }

  *since(seq: number): Generator<CommittedOperation, void, undefined> {
    for (let i = this.#indexBehind(seq); i < this.#operations.length; i++) {
      yield this.#operations[i]!;
    }
  }

  findClientOp(clientOpId: string): number | undefined {
    for (const operation of this.since(this.#indexedThrough)) {
      if (operation.clientOpId !== null) this.#seqByClientOp.set(operation.clientOpId, operation.storeSeq);
      this.#indexedThrough = operation.storeSeq;
    }
    return this.#seqByClientOp.get(clientOpId);
  }

  trim(throughSeq: number): void {
    const end = this.#indexBehind(throughSeq);
    for (const { clientOpId, storeSeq } of this.#operations.slice(this.#head, end)) {
      if (storeSeq > this.#indexedThrough) break;
      if (clientOpId !== null && this.#seqByClientOp.get(clientOpId) === storeSeq) {
        this.#seqByClientOp.delete(clientOpId);
      }
    }
    this.#head = end;
    if (this.#head * 2 >= this.#operations.length) {
      this.#operations = this.#operations.slice(this.#head);
      this.#head = 0;
    }
  }

  clear(): void {
    this.#operations = [];
    this.#head = 0;
    this.#seqByClientOp.clear();
    this.#indexedThrough = 0;
  }

  /** Reads those that are kept now, behind a seq, whatever becomes of the log. */
  hold(): (after: number) => Iterable<CommittedOperation> {
    // The list grows at its end only, and a shorter one takes its place.
    const [operations, head, end] = [this.#operations, this.#head, this.#operations.length];
    const first = operations[head]?.storeSeq ?? 0;
    return (after) => operationsIn(operations, head + Math.max(after - first + 1, 0), end);
  }

  /** Operations have no holes, so that a seq tells its place. */
  #indexBehind(seq: number): number {
    const first = this.#operations[this.#head];
    if (first === undefined) return this.#operations.length;
    const index = this.#head + seq - first.storeSeq + 1;
    return Math.min(Math.max(index, this.#head), this.#operations.length);
  }
}

function* operationsIn(
  operations: readonly CommittedOperation[],
  from: number,
  end: number,
): Generator<CommittedOperation, void, undefined> {
  for (let i = from; i < end; i++) yield operations[i]!;
}
