import type { IndexDefinition } from '../../../src/protocol/values/record-access.js';
import { Pattern } from '../../../src/protocol/paths/pattern.js';
import { createMemoryStorage, Store } from '../../../src/store/index.js';
import { measureStorage } from '../../../src/store/measuring.js';
import { openStore, refusalOf } from './open-store.js';

const BY_X = (prefix: string): IndexDefinition => ({
  prefix,
  parts: [{ path: 'x', type: 'string' }],
  unique: false,
});
const content = new Uint8Array([1]);

/** Every call that takes a path. */
const AT: Readonly<Record<string, (store: Store, path: string) => unknown>> = {
  write: (store, path) => store.write({ op: 'set', path, value: 1 }),
  writeBatch: (store, path) => store.writeBatch({ operations: [{ op: 'set', path, value: 1 }] }),
  putFile: (store, path) => store.putFile({ path, content, filename: 'f' }),
  lease: (store, path) => store.lease({ path }),
  renew: (store, path) => store.renew({ path, token: 1 }),
  release: (store, path) => store.release({ path, token: 1 }),
  rollback: (store, path) => store.rollback({ toSeq: 0, path }),
  get: (store, path) => store.get(path),
  getMany: (store, path) => store.getMany([path]),
  exists: (store, path) => store.exists(path),
  subtree: (store, path) => store.subtree(path),
  records: (store, path) => store.records(path),
  useIndexes: (store, path) => store.useIndexes(path, []),
  keepIndexes: (store, path) => store.keepIndexes(path, []),
  dropIndex: (store, path) => store.dropIndex(path, BY_X(path)),
  watchRecords: (store, path) => store.watchRecords(path, () => undefined),
};

/** Every other one. */
const OTHERS: Readonly<Record<string, (store: Store) => unknown>> = {
  status: (store) => store.status(),
  probe: (store) => {
    store.probe();
  },
  assertCurrent: (store) => {
    store.assertCurrent();
  },
  size: (store) => store.size(),
  condition: (store) => store.condition(),
  members: (store) => store.members,
  recentHistory: (store) => store.recentHistory(),
  'a batch of nothing': (store) => store.writeBatch({ operations: [] }),
  'a rollback of all': (store) => store.rollback({ toSeq: 0 }),
  list: (store) => store.list({ pattern: '**' }),
  listKeys: (store) => store.listKeys({ pattern: '**' }),
  listPrefixes: (store) => store.listPrefixes({ pattern: '**' }),
  indexes: (store) => store.indexes(),
  file: (store) => store.file('sha256:0'),
  catchUp: (store) => store.catchUp(0),
  snapshotLeaves: (store) => store.snapshotLeaves(),
  leavesAt: (store) => store.leavesAt(0),
  log: (store) => store.log(),
  compact: (store) => store.compact(),
  barrier: (store) => store.barrier(),
  onAnew: (store) => store.onAnew(() => undefined),
  watch: (store) => store.watch(Pattern.parse('**'), () => undefined),
  backup: (store) => store.backup('/nowhere'),
};

/** What says something of one that is closed, too. */
const CLOSED_TOO = ['storageName', 'isShared', 'settled', 'close'];

it('what is asked of a closed store is all there is to ask', () => {
  const asked = new Set([...Object.keys(AT), ...Object.keys(OTHERS), ...CLOSED_TOO, 'constructor']);
  expect(Object.getOwnPropertyNames(Store.prototype).filter((name) => !asked.has(name))).toEqual([]);
});

it.each([...Object.entries(AT), ...Object.entries(OTHERS)])(
  'a store that is closed refuses everything: %s',
  async (_, call) => {
    const store = openStore();
    await store.close();
    expect(await refusalOf(async () => call(store, 'a'))).toMatchObject({ kind: 'closed' });
  },
);

it.each(Object.entries(AT))('a store refuses paths that cannot be: %s', async (_, call) => {
  const store = openStore();
  expect(await refusalOf(async () => call(store, 'a//b'))).toMatchObject({
    kind: 'invalid_params',
    detail: 'empty_segment',
  });
  await store.close();
});

/** Every call that takes options, with some that it does not know. */
const WITH_OPTIONS: Readonly<Record<string, (store: Store, unknown: object) => unknown>> = {
  write: (store, unknown) => store.write({ op: 'set', path: 'a', value: 1, ...unknown }),
  writeBatch: (store, unknown) =>
    store.writeBatch({ operations: [{ op: 'set', path: 'a', value: 1 }], ...unknown }),
  putFile: (store, unknown) => store.putFile({ path: 'a', content, filename: 'f', ...unknown }),
  lease: (store, unknown) => store.lease({ path: 'a', ...unknown }),
  renew: (store, unknown) => store.renew({ path: 'a', token: 1, ...unknown }),
  release: (store, unknown) => store.release({ path: 'a', token: 1, ...unknown }),
  rollback: (store, unknown) => store.rollback({ toSeq: 0, ...unknown }),
  list: (store, unknown) => store.list({ pattern: '**', ...unknown }),
  listKeys: (store, unknown) => store.listKeys({ pattern: '**', ...unknown }),
  listPrefixes: (store, unknown) => store.listPrefixes({ pattern: '**', ...unknown }),
  log: (store, unknown) => store.log(unknown),
  compact: (store, unknown) => store.compact(unknown),
  useIndexes: (store, unknown) => store.useIndexes('a', [], unknown),
  keepIndexes: (store, unknown) => store.keepIndexes('a', [], unknown),
};

it.each(Object.entries(WITH_OPTIONS))(
  'a store refuses options that it does not know: %s',
  async (_, call) => {
    const store = openStore();
    const refused = await refusalOf(async () => call(store, { unheardOf: 1 }));
    expect(refused).toMatchObject({ kind: 'invalid_options' });
    expect(refused.message).toContain('unheardOf');
    expect(store.status().storeSeq).toBe(0);
    await store.close();
  },
);

it('a store is well as long as it can be read', async () => {
  const storage = createMemoryStorage();
  const store = openStore({ storage });
  store.probe();
  const range = jest.spyOn(storage.leaves, 'range').mockImplementation(() => {
    throw new Error('no medium');
  });
  expect(() => {
    store.probe();
  }).toThrow('no medium');
  range.mockRestore();
  await store.close();
});

it('a store that is closed while it is, is closed once', async () => {
  const storage = createMemoryStorage();
  const close = jest.spyOn(storage, 'close');
  const store = openStore({ storage });
  expect(store.close()).toBe(store.close());
  await store.close();
  expect(close).toHaveBeenCalledTimes(1);
});

it('a store is as large as its storage says, or as what it counts there', async () => {
  const storage = createMemoryStorage();
  const store = openStore({ storage });
  await store.writeBatch({
    operations: ['a', 'b', 'c/d'].map((path) => ({ op: 'set' as const, path, value: 1 })),
  });
  const { measure, ...unmeasured } = storage;
  expect(measure).toBeDefined();
  expect([store.size(), measureStorage(unmeasured)]).toStrictEqual([
    { leafCount: 3, fileBytes: 0, storedBytes: 0 },
    { leafCount: 3, fileBytes: 0, storedBytes: 0 },
  ]);
  await store.putFile({ path: 'f', content: new Uint8Array(5), filename: 'f' });
  await store.putFile({ path: 'g', content: new Uint8Array(5), filename: 'g' });
  await store.putFile({ path: 'h', content: new Uint8Array(7), filename: 'h' });
  expect(store.size()).toStrictEqual({ leafCount: 6, fileBytes: 12, storedBytes: 0 });
  await store.close();
});

it('closing resolves when the storage is closed, and not before', async () => {
  const storage = createMemoryStorage();
  let isClosed = false;
  storage.close = async () => {
    await new Promise(setImmediate);
    isClosed = true;
  };
  await openStore({ storage }).close();
  expect(isClosed).toBe(true);
});
