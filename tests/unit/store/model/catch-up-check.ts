import type { Leaf } from '../../../../src/protocol/values/value.js';
import type { Store } from '../../../../src/store/index.js';
import { MemoryLeafTree, applyChanges, changesOf } from '../../../../src/store/index.js';
import { anonymous, same } from './comparison.js';
import type { NaiveStore } from './naive-store.js';

/** A reader who stands at any seq, from 0, is given what it lacks and ends up where the store is. */
export function checkCatchUp(store: Store, { seq, log, snapshot, history, leaves }: NaiveStore): void {
  for (let since = 0; since <= seq; since++) {
    const caughtUp = store.catchUp(since);
    const from = Math.max(since, snapshot.seq);
    same(
      'catch-up',
      { ...caughtUp, operations: caughtUp.operations.map(anonymous) },
      {
        ...(snapshot.seq > since ? { snapshot: { seq: snapshot.seq, entries: snapshot.leaves } } : {}),
        operations: log.filter((operation) => operation.storeSeq > from),
        throughSeq: seq,
      },
    );
    const tree = new MemoryLeafTree();
    for (const leaf of caughtUp.snapshot?.entries ?? (history[since] as Leaf[])) tree.put(leaf);
    for (const operation of caughtUp.operations) applyChanges(changesOf(operation, tree), tree);
    same('leaves after catch-up', [...tree.range({})], leaves);
  }
  same('status', store.status(), {
    storeSeq: seq,
    snapshotSeq: snapshot.seq,
    operationCount: log.length,
  });
}
