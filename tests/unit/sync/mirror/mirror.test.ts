import type { CommittedOperation } from '../../../../src/protocol/requests/operation.js';
import type { JsonValue, Leaf } from '../../../../src/protocol/values/value.js';
import { ChangeHub, StoreIndexes, createMemoryStorage } from '../../../../src/store/index.js';
import { Mirror } from '../../../../src/sync/mirror/mirror.js';
import { MirrorReads } from '../../../../src/sync/mirror/mirror-reads.js';
import { PrefixScope } from '../../../../src/sync/mirror/prefix-scope.js';
import { defaultParts } from '../../../../src/sync/parts.js';

const operation = (storeSeq: number, path: string, value: JsonValue): CommittedOperation => ({
  storeSeq,
  op: 'set',
  path,
  value,
  deviceId: null,
  clientOpId: null,
});
const apply = (mirror: Mirror, storeSeq: number, path: string, value: JsonValue) =>
  mirror.apply([[{ operation: operation(storeSeq, path, value) }]], 100);
const leaf = (path: string, value: number, revision: number): Leaf => ({
  path,
  value,
  type: 'integer',
  revision,
});

/** A mirror in a storage that was there before, or in one of its own. */
function scene(
  storage = createMemoryStorage(),
  {
    store = 'acme/a',
    prefixes,
    parts = defaultParts,
  }: { store?: string; prefixes?: string[]; parts?: typeof defaultParts } = {},
) {
  const indexes = new StoreIndexes(storage);
  const scope = new PrefixScope(prefixes);
  const hub = new ChangeHub(() => undefined);
  const mirror = new Mirror({ store, storage, hub, indexes, scope, parts });
  const shown = () =>
    [...storage.leaves.range({})].map(
      ({ path, value, revision }) => `${path}=${JSON.stringify(value)}@${revision}`,
    );
  return { mirror, storage, indexes, hub, shown };
}

it('stands in the next start where it stood, whatever else was heard of', async () => {
  const { mirror, storage } = scene();
  expect([mirror.storeSeq, mirror.hasStaleLeaves]).toEqual([0, false]);
  await apply(mirror, 3, 'a', 1);
  expect([mirror.storeSeq, storage.readCounters()]).toEqual([3, { storeSeq: 3, snapshotSeq: 0 }]);
  expect([scene(storage).mirror.storeSeq, scene(storage).mirror.hasStaleLeaves]).toEqual([3, false]);
});

it.each([
  ['of another store', { store: 'acme/b' }],
  ['of other prefixes', { prefixes: ['a'] }],
])('is none %s: what is there is stale, until all of it is replaced', async (_, other) => {
  const { mirror, storage } = scene();
  await apply(mirror, 3, 'a', 1);
  const next = scene(storage, other);
  expect([next.mirror.storeSeq, next.mirror.hasStaleLeaves]).toEqual([0, true]);
  await next.mirror.replace([leaf('a', 2, 5)], 5, false);
  expect([next.mirror.storeSeq, next.mirror.hasStaleLeaves, next.shown()]).toEqual([5, false, ['a=2@5']]);
  expect(scene(storage, other).mirror.storeSeq).toBe(5);
  expect(scene(storage).mirror.storeSeq).toBe(0);
});

it('that begins again from 0 shows what it has until that is replaced, in the next start too', async () => {
  const { mirror, storage, shown } = scene();
  await apply(mirror, 3, 'a', 1);
  await mirror.forget();
  expect([mirror.storeSeq, mirror.hasStaleLeaves, shown()]).toEqual([0, true, ['a=1@3']]);
  expect([storage.readCounters().storeSeq, scene(storage).mirror.storeSeq]).toEqual([0, 0]);
});

it('keeps the revision of what a snapshot leaves as it was, where it tells no more than a bound', async () => {
  const { mirror, shown } = scene();
  await apply(mirror, 1, 'a', 1);
  await apply(mirror, 2, 'b', 2);
  await mirror.replace([leaf('a', 1, 4), leaf('b', 3, 4)], 4, true);
  expect(shown()).toEqual(['a=1@1', 'b=3@4']);
  await mirror.replace([leaf('a', 1, 6), leaf('b', 3, 6)], 6, false);
  expect(shown()).toEqual(['a=1@6', 'b=3@6']);
});

it('goes past what a later operation decides, and what lies elsewhere', async () => {
  const { mirror, shown } = scene(undefined, { prefixes: ['kept'] });
  const superseded = { operation: operation(2, 'kept/b', 2), isSuperseded: true };
  await mirror.apply([[{ operation: operation(1, 'kept/a', 1) }, superseded]], 2);
  await apply(mirror, 3, 'other', 3);
  expect([mirror.storeSeq, shown()]).toEqual([3, ['kept/a=1@1']]);
  await mirror.apply([], 9);
  expect(mirror.storeSeq).toBe(3);
});

it('is read as it stands', async () => {
  const { mirror, storage, indexes } = scene();
  const reads = new MirrorReads(storage, indexes);
  await apply(mirror, 1, 'p/a', { n: 1 });
  await apply(mirror, 2, 'p/b', { n: 2 });
  expect(reads.storeSeq).toBe(2);
  expect(reads.get('p/a')?.value).toEqual({ n: 1 });
  expect([...reads.getMany(['p/a/n', 'p/c']).keys()]).toEqual(['p/a/n']);
  expect([reads.exists('p/a'), reads.exists('p/c')]).toEqual([true, false]);
  expect(reads.subtree('p').map(({ path }) => path)).toEqual(['p/a/n', 'p/b/n']);
  const records = reads.records('p');
  expect([records.get('a')?.leaves.length, records.moment]).toEqual([1, 2]);
  expect(reads.list({ from: 'p', to: 'q' }).items).toHaveLength(2);
  expect(reads.listKeys({ from: 'p', to: 'q' }).items).toEqual(['p/a/n', 'p/b/n']);
});

it('counts how often its store has moved back, for those who read it', () => {
  const { storage, indexes } = scene();
  const reads = new MirrorReads(storage, indexes);
  const records = reads.records('p');
  expect(records.era).toBe(0);
  reads.beginEra();
  expect(records.era).toBe(1);
});

it('is probed by a read, which fails with what reads fail with', () => {
  const storage = createMemoryStorage();
  const { indexes } = scene(storage);
  const reads = new MirrorReads(storage, indexes);
  reads.probe();
  jest.spyOn(storage.leaves, 'range').mockImplementation(() => {
    throw new Error('input/output error');
  });
  expect(() => {
    reads.probe();
  }).toThrow('input/output error');
});

it('takes a leaf of a snapshot as it is where its type or its value is another, or its revision an earlier one', async () => {
  const { mirror, storage } = scene();
  for (const [i, path] of ['a', 'b', 'c', 'd'].entries()) await apply(mirror, i + 1, path, 1);
  const next: Leaf[] = [
    { ...leaf('a', 1, 9), type: 'float' },
    leaf('b', 2, 9),
    leaf('c', 1, 2),
    leaf('d', 1, 9),
  ];
  await mirror.replace(next, 9, true);
  expect([...storage.leaves.range({})].map(({ type, revision }) => [type, revision])).toEqual([
    ['float', 9],
    ['integer', 9],
    ['integer', 2],
    ['integer', 4],
  ]);
});

it('notes what it mirrors once, and with each seq the greatest that was heard of', async () => {
  const persistedSeq = jest.fn(defaultParts.persistedSeq);
  const { mirror, storage } = scene(undefined, { parts: { ...defaultParts, persistedSeq } });
  const put = jest.spyOn(storage.blobs, 'put');
  await apply(mirror, 3, 'a', 1);
  await mirror.replace([leaf('a', 2, 5)], 5, true);
  await mirror.forget();
  expect(put).toHaveBeenCalledTimes(1);
  expect(persistedSeq.mock.calls).toEqual([
    [3, 100],
    [5, 5],
    [0, 0],
  ]);
});

it('has begun again when its storage has', async () => {
  const { mirror, storage } = scene();
  await apply(mirror, 3, 'a', 1);
  const commit = storage.commit.bind(storage);
  let goOn: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (goOn = resolve));
  storage.commit = async (work) => {
    await held;
    return commit(work);
  };
  const forgotten = mirror.forget();
  expect(mirror.storeSeq).toBe(3);
  goOn();
  await forgotten;
  expect([mirror.storeSeq, storage.readCounters().storeSeq]).toEqual([0, 0]);
});

it.each(['an operation', 'a snapshot'])(
  'shows those who hold a moment what %s changes as it was',
  async (what) => {
    const { mirror, storage, indexes } = scene();
    await apply(mirror, 1, 'p/a/n', 1);
    const records = new MirrorReads(storage, indexes).records('p');
    const before = records.hold?.();
    if (what === 'an operation') await apply(mirror, 2, 'p/a/n', 2);
    else await mirror.replace([leaf('p/a/n', 2, 2)], 2, true);
    const [now, then] = [records, before?.records].map((read) => read?.get('a')?.leaves[0]?.value);
    expect([now, then, before?.isWhole]).toEqual([2, 1, true]);
    before?.release();
  },
);
