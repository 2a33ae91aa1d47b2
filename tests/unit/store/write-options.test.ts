import type { CommittedOperation } from '../../../src/protocol/requests/operation.js';
import { Pattern } from '../../../src/protocol/paths/pattern.js';
import type { LeafType } from '../../../src/protocol/values/value.js';
import { Store, createMemoryStorage } from '../../../src/store/index.js';
import { openLmdbStorage } from '../../../src/store/lmdb/index.js';
import { useDataFolder } from './lmdb/data-folder.js';

const folder = useDataFolder();
const STORAGES = [
  ['memory', () => Promise.resolve(createMemoryStorage())],
  ['LMDB', () => openLmdbStorage({ path: folder.path })],
] as const;

const types = (entries: Record<string, LeafType>): ReadonlyMap<string, LeafType> =>
  new Map(Object.entries(entries));

const typesIn = (store: Store): Record<string, LeafType> =>
  Object.fromEntries(store.list({ pattern: '**' }).items.map(({ path, type }) => [path, type]));

describe.each(STORAGES)('writes on %s', (_, open) => {
  let store: Store;

  beforeEach(async () => {
    store = new Store({ storage: await open() });
  });
  afterEach(() => store.close());

  it('give leaves the types that their values do not tell, and the others their own', async () => {
    await store.write({ op: 'set', path: 'a', value: 1, leafTypes: types({ a: 'float', 'a/b': 'set' }) });
    await store.write({
      op: 'set',
      path: 'm',
      value: { f: 2, deep: { s: ['x'] }, i: 3 },
      leafTypes: types({ 'm/f': 'float', 'm/deep/s': 'set' }),
    });
    await store.writeBatch({
      operations: [
        { op: 'set', path: 'c', value: 5, leafTypes: types({ c: 'counter' }) },
        { op: 'set', path: 'd', value: 5 },
      ],
    });
    expect(typesIn(store)).toEqual({
      a: 'float',
      c: 'counter',
      d: 'integer',
      'm/deep/s': 'set',
      'm/f': 'float',
      'm/i': 'integer',
    });
  });

  it('keep such types only until the leaf is written again', async () => {
    await store.write({ op: 'set', path: 'a', value: 1, leafTypes: types({ a: 'float' }) });
    await store.write({ op: 'set', path: 'a', value: 1 });
    expect(typesIn(store)).toEqual({ a: 'integer' });
  });

  it('restore counters and sets that go on counting and collecting', async () => {
    await store.write({ op: 'set', path: 'c', value: 5, leafTypes: types({ c: 'counter' }) });
    await store.write({ op: 'set', path: 's', value: ['x'], leafTypes: types({ s: 'set' }) });
    await store.write({ op: 'increment', path: 'c', value: 2 });
    await store.write({ op: 'add', path: 's', value: 'y' });
    expect([store.get('c')?.value, store.get('s')?.value]).toEqual([7, ['y', 'x']]);
    expect(typesIn(store)).toEqual({ c: 'counter', s: 'set' });
  });

  it('log such types, so that whoever catches up gets the same leaves', async () => {
    await store.write({ op: 'set', path: 'm', value: { f: 2, i: 3 }, leafTypes: types({ 'm/f': 'float' }) });
    await store.write({ op: 'set', path: 'p', value: 1 });
    const logged = store
      .catchUp(0)
      .operations.map(({ leafTypes }) => leafTypes && Object.fromEntries(leafTypes));
    expect(logged).toEqual([{ 'm/f': 'float' }, undefined]);
    await store.compact({ keep: 0 });
    const { snapshot } = store.catchUp(0);
    expect(snapshot?.entries.map(({ path, type }) => [path, type])).toEqual([
      ['m/f', 'float'],
      ['m/i', 'integer'],
      ['p', 'integer'],
    ]);
  });

  it('are not told to watchers when they are not to be announced, and are caught up all the same', async () => {
    const heard: string[] = [];
    const records: string[] = [];
    store.watch(Pattern.parse('**'), ({ operations }) => heard.push(...operations.map(({ path }) => path)));
    store.watchRecords('r', (commits) =>
      records.push(...commits.flatMap(({ operations }) => operations.map(({ path }) => path))),
    );
    await store.write({ op: 'set', path: 'r/hidden/x', value: 1, announce: false });
    await store.writeBatch({ operations: [{ op: 'delete', path: 'r/hidden' }], announce: false });
    await store.putFile({ path: 'f', content: new Uint8Array(), filename: 'f', announce: false });
    await store.write({ op: 'set', path: 'r/told/x', value: 1 });
    expect([heard, records]).toEqual([['r/told/x'], ['r/told/x']]);
    expect(store.catchUp(0).operations.map(({ storeSeq }) => storeSeq)).toEqual([1, 2, 3, 4]);
  });

  it('are applied again under the same id when they are not to be deduplicated', async () => {
    const increment = { op: 'increment', path: 'c', value: 1, clientOpId: 'again' } as const;
    const batch = { operations: [{ op: 'set', path: 'b', value: 1 }], clientOpId: 'batch' } as const;
    for (const deduplicate of [true, true, false, false]) {
      await store.write({ ...increment, deduplicate });
      await store.writeBatch({ ...batch, deduplicate });
    }
    expect(store.get('c')?.value).toBe(3);
    expect(store.status().storeSeq).toBe(6);
    await store.write({ op: 'set', path: 'other', value: 1, clientOpId: 'again', deduplicate: false });
    expect(store.exists('other')).toBe(true);
  });

  it('are listed by the log, page by page', async () => {
    for (let i = 1; i <= 5; i++) await store.write({ op: 'set', path: `k${i}`, value: i });
    const seqs = (operations: readonly CommittedOperation[]): number[] =>
      operations.map((each) => each.storeSeq);
    const first = store.log({ limit: 2 });
    expect([seqs(first.operations), first.nextCursor, first.firstSeq]).toEqual([[1, 2], 2, 1]);
    const rest = store.log({ after: 2, limit: 3 });
    expect([seqs(rest.operations), rest.nextCursor]).toEqual([[3, 4, 5], null]);
    await store.compact({ keep: 1 });
    const kept = store.log();
    expect([seqs(kept.operations), kept.nextCursor, kept.firstSeq]).toEqual([[5], null, 5]);
    await store.compact({ keep: 0 });
    expect(store.log()).toEqual({ operations: [], nextCursor: null, firstSeq: 6 });
    expect(store.log({ after: 99 }).operations).toEqual([]);
    for (const query of [{ after: -1 }, { after: 0.5 }, { limit: 0 }, { limit: 1001 }]) {
      expect(() => store.log(query)).toThrow(expect.objectContaining({ kind: 'invalid_params' }));
    }
  });
});

it('what a write said stands after reopening', async () => {
  let store = new Store({ storage: await openLmdbStorage({ path: folder.path }) });
  await store.write({ op: 'set', path: 'm', value: { f: 2, i: 3 }, leafTypes: types({ 'm/f': 'float' }) });
  await store.write({ op: 'set', path: 'hidden', value: 1, announce: false });
  const before = [typesIn(store), store.log()];
  await store.close();
  store = new Store({ storage: await openLmdbStorage({ path: folder.path }) });
  try {
    expect([typesIn(store), store.log()]).toEqual(before);
    expect(store.log().operations[0]?.leafTypes?.get('m/f')).toBe('float');
  } finally {
    await store.close();
  }
});
