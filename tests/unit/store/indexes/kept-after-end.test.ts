import type { IndexDefinition } from '../../../../src/protocol/values/record-access.js';
import { createMemoryStorage } from '../../../../src/store/index.js';
import { arriving, copiedStore, stateOf } from '../copying/copied-store.js';
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

it('one that somebody uses stays when it is no longer kept, and goes when nobody does', async () => {
  const { copy, store } = copiedStore(createMemoryStorage());
  await copy.keepIndexes('r', [PLAIN, NUMBERED]);
  const use = await store.useIndexes('r', [PLAIN]);
  for (const index of [PLAIN, NUMBERED]) expect(await copy.dropIndex('r', index)).toBe(true);
  expect(store.indexes()).toEqual([{ definition: PLAIN, isComplete: true, isKept: false }]);
  use.release();
  await copy.keepIndexes('r', [PLAIN]);
  await copy.dropIndex('r', PLAIN);
  expect(store.indexes()).toEqual([]);
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

it.each<[string, (copied: ReturnType<typeof copiedStore>) => Promise<unknown>]>([
  [
    'es that are dropped',
    async ({ copy }) => {
      for (const index of [NUMBERED, PLAIN]) await copy.dropIndex('r', index);
    },
  ],
  [
    'es that the state in its place does not have',
    async ({ copy }) => {
      const source = copiedStore(createMemoryStorage());
      await copy.restore(arriving(stateOf(source)));
      await source.store.close();
    },
  ],
])('nothing is left of index%s when that is done', async (_, drop) => {
  const copied = await withDuplicates();
  const { copy, store, storage } = copied;
  await copy.keepIndexes('r', [NUMBERED, PLAIN]);
  const commit = storage.commit.bind(storage);
  jest.spyOn(storage, 'commit').mockImplementation(async (work) => {
    // As a medium does, which is not done at once.
    await new Promise(setImmediate);
    return commit(work);
  });
  await drop(copied);
  expect(storage.indexes.definitions).toEqual([]);
  expect([...storage.indexes.keys.range({ from: '', to: '\uffff' })]).toEqual([]);
  await store.close();
});

it('one that was there for nobody any more stands as it stood when another one beside it cannot be', async () => {
  const { copy, store } = await withDuplicates();
  (await store.useIndexes('r', [PLAIN])).release();
  await refusalOf(copy.keepIndexes('r', [PLAIN, NAMED]));
  expect(store.indexes()).toEqual([{ definition: PLAIN, isComplete: true, isKept: false }]);
  await store.close();
});

it('those that the state in the place of another has, too, are not built again, and those of nobody stand', async () => {
  const [source, target] = [copiedStore(createMemoryStorage()), await withDuplicates()];
  (await target.store.useIndexes('r', [PLAIN])).release();
  for (const { copy } of [source, target]) await copy.keepIndexes('r', [NUMBERED]);
  const before = target.storage.indexes.definitions;
  expect(before.map(({ definition }) => definition)).toEqual([PLAIN, NUMBERED]);
  await target.copy.restore(arriving(stateOf(source)));
  expect(target.storage.indexes.definitions).toEqual(before);
  for (const { store } of [source, target]) await store.close();
});

it('a state may have indexes of several prefixes', async () => {
  const [source, target] = [copiedStore(createMemoryStorage()), copiedStore(createMemoryStorage())];
  const elsewhere = { ...NAMED, prefix: 's' };
  await source.copy.keepIndexes('r', [NUMBERED]);
  await source.copy.keepIndexes('s', [elsewhere]);
  await target.copy.restore(arriving(stateOf(source)));
  expect(target.store.indexes().map(({ definition }) => definition)).toEqual([NUMBERED, elsewhere]);
  for (const { store } of [source, target]) await store.close();
});
