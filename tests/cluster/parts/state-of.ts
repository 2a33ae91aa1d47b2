import { createHash } from 'node:crypto';
import type { Leaf } from '../../../src/protocol/values/value.js';
import { heldState } from '../../../src/store/copying/held-state.js';
import type { StoreStorage } from '../../../src/store/index.js';

/** All that a storage holds of a store. */
export interface WholeState {
  readonly storeSeq: number;
  /** What is remembered of the log of a cluster: its position, who sent what, snapshots and members. */
  readonly mark: unknown;
  readonly leaves: number;
  /** Of the counters, with that mark, and of the indexes that refuse writes. */
  readonly head: string;
  /** Of all leaves with revisions and types, of what a snapshot of the last compaction needs, and of the kept operations. */
  readonly body: string;
}

/** Reads all that a storage holds, however it is cut into pieces. */
export function stateOf(storage: StoreStorage, onLeaf: (leaf: Leaf) => void = () => undefined): WholeState {
  const [head, body] = [createHash('sha256'), createHash('sha256')];
  let leaves = 0;
  const held = heldState(storage.hold());
  try {
    for (const piece of held.pieces()) {
      switch (piece.kind) {
        case 'head':
          head.update(textOf([piece.counters, piece.indexes]));
          break;
        case 'leaves':
          leaves += piece.leaves.length;
          piece.leaves.forEach(onLeaf);
          for (const leaf of piece.leaves) body.update(`${textOf(leaf)}\n`);
          break;
        case 'overlay':
          for (const leaf of piece.leaves) body.update(`overlay ${textOf(leaf)}\n`);
          break;
        case 'operations':
          for (const operation of piece.operations) body.update(`operation ${textOf(operation)}\n`);
          break;
      }
    }
  } finally {
    held.release();
  }
  const { storeSeq, logged } = storage.readCounters();
  return { storeSeq, mark: logged?.mark, leaves, head: head.digest('hex'), body: body.digest('hex') };
}

/** As JSON, with the names in order: whoever reads from a medium may have them in another one. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
