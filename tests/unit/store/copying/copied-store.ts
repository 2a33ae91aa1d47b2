import { randomUUID } from 'node:crypto';
import { batchCommands } from '../../../../src/store/operations/commands.js';
import type {
  BatchOperation,
  HeldState,
  StatePiece,
  StoreCopy,
  StoreStorage,
  WriteOrder,
} from '../../../../src/store/index.js';
import { Store } from '../../../../src/store/index.js';

/** A store that is told from outside what to apply, and by itself commits nothing. */
export interface CopiedStore {
  readonly storage: StoreStorage;
  readonly store: Store;
  readonly copy: StoreCopy;
  /** Applies a batch at a time of the log. */
  apply(operations: readonly BatchOperation[], time?: number): Promise<void>;
}

export function copiedStore(storage: StoreStorage): CopiedStore {
  let copy: StoreCopy | undefined;
  const nothing = (): never => {
    throw new TypeError('a copy commits nothing by itself');
  };
  const order: WriteOrder = {
    commit: nothing,
    commitBatch: nothing,
    rollback: nothing,
    compact: nothing,
    keepIndexes: nothing,
    dropIndex: nothing,
    ownIndexes: (_, definitions) => Promise.resolve(definitions),
    file: nothing,
    barrier: nothing,
    assertReadable: () => undefined,
    assertCurrent: () => undefined,
    settled: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const store = new Store({
    storage,
    order: (given) => {
      copy = given;
      return order;
    },
  });
  return {
    storage,
    store,
    copy: copy!,
    apply: async (operations, time = 1) => {
      const by = { deviceId: null, clientOpId: randomUUID(), mayBeRepeated: true };
      const commands = batchCommands({ operations });
      await copy!.apply({
        time,
        requests: [{ kind: 'commit', by, commands, isBatch: true }],
        markOf: () => ({}),
      });
    },
  };
}

/** The pieces of a state, as they come over a network. */
export async function* arriving(pieces: Iterable<StatePiece>): AsyncIterable<StatePiece> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}

/** All of a state, as it is carried. */
export function stateOf({ copy }: { readonly copy: StoreCopy }): readonly StatePiece[] {
  return read(copy.hold());
}

/** All of a state; it is let go of. */
export function read(state: HeldState): readonly StatePiece[] {
  try {
    return [...state.pieces()];
  } finally {
    state.release();
  }
}
