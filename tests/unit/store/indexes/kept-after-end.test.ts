import type { IndexDefinition } from '../../../../src/protocol/values/record-access.js';
import { createMemoryStorage } from '../../../../src/store/index.js';
import { copiedStore } from '../copying/copied-store.js';
import { refusalOf } from '../open-store.js';

const NUMBERED: IndexDefinition = { prefix: 'r', parts: [{ path: 'n', type: 'number' }], unique: true };
const NAMED: IndexDefinition = { prefix: 'r', parts: [{ path: 'u', type: 'string' }], unique: true };
const PLAIN: IndexDefinition = { prefix: 'r', parts: [{ path: 'u', type: 'string' }], unique: false };

async function withDuplicates(storage = createMemoryStorage()): Promise<ReturnType<typeof copiedStore>> {
  const copied = copiedStore(storage);
  for (let at = 0; at < 4_000; at += 1_000) {
    await copied.apply(
      Array.from({ length: 1_000 }, (_, i) => {
        const n = at + i;
        return { op: 'set', path: `r/${n}`, value: { n, u: n === 3_999 ? 'u0' : `u${n}` } } as const;
      }),
    );
  }
  return copied;
}

it('indexes of which one cannot be are not there, when it is found out after the end of a process in the middle, too', async () => {
  const storage = createMemoryStorage();
  const first = await withDuplicates(storage);
  const kept = refusalOf(first.copy.keepIndexes('r', [NUMBERED, NAMED]));
  while (first.store.indexes().length === 0) await new Promise(setImmediate);
  await first.store.close();
  expect((await kept).kind).toBe('closed');
  const again = copiedStore(storage);
  expect(again.store.indexes()).toHaveLength(2);
  const refusal = await refusalOf(again.copy.keepIndexes('r', [NUMBERED, NAMED]));
  expect(refusal).toMatchObject({ kind: 'exists', detail: 'duplicate' });
  expect(again.store.indexes()).toEqual([]);
  await again.store.close();
});

it('one that was there for somebody is no longer kept when another one beside it cannot be', async () => {
  const { copy, store } = await withDuplicates();
  const use = await store.useIndexes('r', [PLAIN]);
  await refusalOf(copy.keepIndexes('r', [PLAIN, NAMED]));
  expect(store.indexes()).toEqual([{ definition: PLAIN, isComplete: true, isKept: false }]);
  use.release();
  await store.close();
});

it('what was kept before stays when another one beside it cannot be', async () => {
  const { copy, store } = await withDuplicates();
  await copy.keepIndexes('r', [NUMBERED]);
  await refusalOf(copy.keepIndexes('r', [NUMBERED, NAMED]));
  expect(store.indexes()).toEqual([{ definition: NUMBERED, isComplete: true, isKept: true }]);
  await store.close();
});

it('nothing is left of indexes of which one cannot be when their refusal is heard', async () => {
  const { copy, store, storage } = await withDuplicates();
  await refusalOf(copy.keepIndexes('r', [NUMBERED, NAMED]));
  expect(storage.indexes.definitions).toEqual([]);
  expect([...storage.indexes.keys.range({ from: '', to: '\uffff' })]).toEqual([]);
  await store.close();
});

it('one that a process left half built stays so when others cannot be', async () => {
  const storage = createMemoryStorage();
  const first = await withDuplicates(storage);
  const kept = refusalOf(first.copy.keepIndexes('r', [NUMBERED]));
  while (first.store.indexes().length === 0) await new Promise(setImmediate);
  await first.store.close();
  expect((await kept).kind).toBe('closed');
  const { copy, store } = copiedStore(storage);
  await refusalOf(copy.keepIndexes('r', [NAMED]));
  expect(store.indexes()).toEqual([{ definition: NUMBERED, isComplete: false, isKept: true }]);
  await store.close();
});
