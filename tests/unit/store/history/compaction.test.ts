import type { Store } from '../../../../src/store/index.js';
import { openStore } from '../open-store.js';

const set = (store: Store, path: string, value: number) => store.write({ op: 'set', path, value });
const snapshotOf = (store: Store) => {
  const { snapshot } = store.catchUp(0);
  return {
    seq: snapshot?.seq,
    leaves: snapshot?.entries.map(({ path, value }) => `${path}=${JSON.stringify(value)}`),
  };
};

test('a snapshot is of the last compaction alone: what an earlier one kept is forgotten', async () => {
  const store = openStore();
  await set(store, 'a', 1);
  await set(store, 'b', 1);
  await store.compact({ keep: 0 });
  await set(store, 'a', 2);
  await store.write({ op: 'delete', path: 'b' });
  expect(snapshotOf(store)).toStrictEqual({ seq: 2, leaves: ['a=1', 'b=1'] });
  await store.compact({ keep: 0 });
  expect(snapshotOf(store)).toStrictEqual({ seq: 4, leaves: ['a=2'] });
  await set(store, 'a', 3);
  expect(snapshotOf(store)).toStrictEqual({ seq: 4, leaves: ['a=2'] });
});

test('a compaction keeps so many operations, or all where there are no more', async () => {
  const store = openStore();
  for (let i = 0; i < 5; i++) await set(store, 'a', i);
  await store.compact({ keep: 9 });
  expect(store.status()).toStrictEqual({ storeSeq: 5, snapshotSeq: 5, operationCount: 5 });
  await store.compact({ keep: 2 });
  expect(store.status()).toStrictEqual({ storeSeq: 5, snapshotSeq: 5, operationCount: 2 });
});
