import { Budget } from '../../protocol/requests/budget.js';
import type { CommittedOperation } from '../../protocol/requests/operation.js';
import { weightOf } from '../../protocol/values/weight.js';
import { TransientMap } from '../../transient-map.js';

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

interface Weighed extends BufferedOperation {
  readonly bytes: number;
}

/** A buffer of at most `limit` operations and about `bytes` of them, which hands them out by their seq alone. */
export function createReorderBuffer(limit: number, bytes = Infinity): ReorderBuffer {
  const waiting = new TransientMap<number, Weighed>();
  const room = new Budget({ count: limit, bytes });
  const take = (storeSeq: number): Weighed | undefined => {
    const taken = waiting.take(storeSeq);
    if (taken !== undefined) room.give(taken.bytes);
    return taken;
  };
  const dropWhere = (isToGo: (storeSeq: number) => boolean): void => {
    for (const seq of waiting.keys()) if (isToGo(seq)) take(seq);
  };
  return {
    get size() {
      return waiting.size;
    },
    add: ({ operation, source }) => {
      const { storeSeq, value } = operation;
      // The first copy stays: a live one, whose value is right, comes before its copy in a page.
      if (waiting.has(storeSeq)) return true;
      const weight = weightOf(value);
      if (!room.takeOrAlone(weight)) return false;
      waiting.set(storeSeq, { operation, source, bytes: weight });
      return true;
    },
    take,
    dropThrough: (storeSeq) => {
      dropWhere((seq) => seq <= storeSeq);
    },
    dropBeyond: (storeSeq) => {
      dropWhere((seq) => seq > storeSeq);
    },
    clear: () => {
      waiting.clear();
      room.clear();
    },
  };
}
