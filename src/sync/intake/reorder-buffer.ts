import type { CommittedOperation } from '../../protocol/operation.js';
import { TransientMap } from '../transient-map.js';

/** Where an operation came from. The values of `catchUp` are not always to be trusted (PROTOCOL §5.8). */
export type OperationSource = 'live' | 'catchUp';

/** An operation that waits for those before it. */
export interface BufferedOperation {
  readonly operation: CommittedOperation;
  readonly source: OperationSource;
}

/** Puts operations that arrive in any order back into the order of the store. */
export interface ReorderBuffer {
  /** The number of operations that wait. */
  readonly size: number;
  /** Keeps an operation, unless one with its seq waits already. False when there is no room for it. */
  add(buffered: BufferedOperation): boolean;
  /** Hands out the operation with this seq, if it waits. */
  take(storeSeq: number): BufferedOperation | undefined;
  /** Forgets the operations with seqs up to `storeSeq`. */
  dropThrough(storeSeq: number): void;
  /** Forgets the operations with greater seqs. */
  dropBeyond(storeSeq: number): void;
  clear(): void;
}

/** A buffer of at most `limit` operations, which hands them out by their seq alone. */
export function createReorderBuffer(limit: number): ReorderBuffer {
  const waiting = new TransientMap<number, BufferedOperation>();
  return {
    get size() {
      return waiting.size;
    },
    add: (buffered) => {
      const { storeSeq } = buffered.operation;
      // The first copy stays: a live one, whose value is right, comes before its copy in a page.
      if (waiting.has(storeSeq)) return true;
      if (waiting.size >= limit) return false;
      waiting.set(storeSeq, buffered);
      return true;
    },
    take: (storeSeq) => waiting.take(storeSeq),
    dropThrough: (storeSeq) => {
      for (const seq of waiting.keys()) if (seq <= storeSeq) waiting.delete(seq);
    },
    dropBeyond: (storeSeq) => {
      for (const seq of waiting.keys()) if (seq > storeSeq) waiting.delete(seq);
    },
    clear: () => {
      waiting.clear();
    },
  };
}
