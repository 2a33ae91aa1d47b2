import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type {
  IndexDefinition,
  IndexRange,
  RecordAccess,
} from '../../../../src/protocol/values/record-access.js';
import type { StoreStorage, TreeRange } from '../../../../src/store/index.js';
import { Store, createMemoryStorage } from '../../../../src/store/index.js';
import { openLmdbStorage } from '../../../../src/store/lmdb/index.js';
import { useDataFolder } from '../lmdb/data-folder.js';
import { refusalOf } from '../open-store.js';

const folder = useDataFolder();

const BY_STATE: IndexDefinition = { prefix: 'p', parts: [{ path: 'state', type: 'string' }], unique: false };
const BY_STATE_AND_YEAR: IndexDefinition = {
  prefix: 'p',
  parts: [
    { path: 'state', type: 'string' },
    { path: 'year', type: 'number' },
  ],
  unique: false,
};
const BY_EMAIL: IndexDefinition = { prefix: 'p', parts: [{ path: 'email', type: 'string' }], unique: true };

const slugsOf = (records: Iterable<{ readonly slug: string }>): string[] =>
  Array.from(records, ({ slug }) => slug);
const everything = (index: IndexDefinition): RecordAccess => ({
  by: 'index',
  index,
  ranges: [{ equal: [] }],
});

const on = { by: 'index', index: BY_STATE, ranges: [{ equal: ['on'] }] } as const;

const STORAGES: readonly (readonly [string, () => Promise<StoreStorage>])[] = [
  ['memory', () => Promise.resolve(createMemoryStorage())],
  ['LMDB', () => openLmdbStorage({ path: folder.path })],
];

describe.each(STORAGES)('the records of a store on %s', (_, open) => {
  let storage: StoreStorage;
  let store: Store;

  beforeEach(async () => {
    storage = await open();
    store = new Store({ storage });
  });

  afterEach(() => store.close());

  const put = (records: object): Promise<unknown> =>
    store.write({ op: 'set', path: 'p', value: JSON.parse(JSON.stringify(records)) });

  it('are read whole, without what lies at their own path', async () => {
    await put({ a: { state: 'on', address: { city: 'Rome' } }, b: { state: 'off' } });
    await store.write({ op: 'set', path: 'p/c', value: 1 });
    const records = store.records('p');
    expect(records.get('a')?.leaves.map(({ path }) => path)).toEqual(['p/a/address/city', 'p/a/state']);
    expect(records.get('c')).toBeUndefined();
    expect(records.get('')).toBeUndefined();
    expect(records.get('x'.repeat(5_000))).toBeUndefined();
    expect(slugsOf(records.walk({ by: 'slug-range' }))).toEqual(['a', 'b']);
    expect(records.count({ by: 'slug-range' })).toBe(2);
  });

  it('are walked by slug in store order, within bounds, from both ends, behind a place', async () => {
    const slugs = ['a', 'a-2', 'a/b', 'ab', 'b', 'é', '～', '😀'];
    await put(Object.fromEntries(slugs.map((slug) => [slug, { state: 'on' }])));
    const records = store.records('p');
    const order = ['a-2', 'a', 'ab', 'a/b', 'b', 'é', '～', '😀'];
    const walk = (range: object, after?: string): string[] =>
      slugsOf(
        records.walk({ by: 'slug-range', ...range }, after === undefined ? undefined : { slug: after }),
      );
    expect(walk({})).toEqual(order);
    expect(walk({ reverse: true })).toEqual(order.toReversed());
    expect(walk({ from: { slug: 'a', inclusive: true } })).toEqual(order.slice(1));
    expect(walk({ from: { slug: 'a', inclusive: false } })).toEqual(order.slice(2));
    expect(walk({ to: { slug: 'ab', inclusive: true } })).toEqual(order.slice(0, 3));
    expect(walk({ to: { slug: 'ab', inclusive: false }, reverse: true })).toEqual(['a', 'a-2']);
    expect(walk({ startsWith: 'a' })).toEqual(order.slice(0, 4));
    expect(walk({ startsWith: 'a/' })).toEqual(['a/b']);
    expect(walk({ startsWith: '😀' })).toEqual(['😀']);
    expect(walk({ startsWith: '\ud83d' })).toEqual([]);
    expect(walk({ startsWith: 'a', from: { slug: 'a', inclusive: false }, reverse: true })).toEqual([
      'a/b',
      'ab',
    ]);
    expect(walk({ from: { slug: 'b', inclusive: true }, to: { slug: 'a', inclusive: true } })).toEqual([]);
    expect(walk({}, 'ab')).toEqual(order.slice(3));
    expect(walk({}, 'aa-gone')).toEqual(order.slice(2));
    expect(walk({ reverse: true }, 'ab')).toEqual(['a', 'a-2']);
    expect(walk({ from: { slug: 'z'.repeat(6_000), inclusive: true } })).toEqual(['é', '～', '😀']);
    expect(records.count({ by: 'slug-range', startsWith: 'a' })).toBe(4);
    expect(records.count({ by: 'slug-range', startsWith: 'a' }, 3)).toBe(3);
    expect(records.count({ by: 'slug-range', from: { slug: 'b', inclusive: false } })).toBe(3);
  });

  it('are walked by an index: values, ranges, what is there and what is not', async () => {
    await put({
      a: { state: 'on', year: 3 },
      b: { state: 'on', year: 1 },
      c: { state: 'off', year: 2 },
      d: { state: 'on' },
      e: { state: 7, year: 9 },
      f: { year: 5 },
      g: { state: 'on', year: 'x' },
      h: { state: 'on', year: 1 },
    });
    await store.useIndexes('p', [BY_STATE_AND_YEAR]);
    const records = store.records('p');
    const walk = (range: IndexRange, reverse = false): string[] =>
      slugsOf(records.walk({ by: 'index', index: BY_STATE_AND_YEAR, ranges: [range], reverse }));
    const count = (range: IndexRange): number =>
      records.count({ by: 'index', index: BY_STATE_AND_YEAR, ranges: [range] });
    expect(walk({ equal: [] })).toEqual(['c', 'b', 'h', 'a', 'd', 'g', 'f', 'e']);
    expect(walk({ equal: [] }, true)).toEqual(['e', 'f', 'g', 'd', 'a', 'b', 'h', 'c']);
    expect(walk({ equal: ['on'] })).toEqual(['b', 'h', 'a', 'd', 'g']);
    expect(walk({ equal: ['on', 1] })).toEqual(['b', 'h']);
    expect(walk({ equal: [null] })).toEqual(['f']);
    expect(walk({ equal: ['on', null] })).toEqual(['d']);
    expect(walk({ equal: ['on', 'x'] })).toEqual([]);
    expect(walk({ equal: ['on'], present: true }, true)).toEqual(['a', 'b', 'h']);
    expect(walk({ equal: ['on'], from: { value: 1, inclusive: false } })).toEqual(['a']);
    expect(walk({ equal: ['on'], from: { value: 1, inclusive: true } })).toEqual(['b', 'h', 'a']);
    expect(walk({ equal: ['on'], to: { value: 3, inclusive: false } })).toEqual(['b', 'h']);
    expect(walk({ equal: ['on'], to: { value: 3, inclusive: true } }, true)).toEqual(['a', 'b', 'h']);
    expect(walk({ equal: [], from: { value: 'on', inclusive: true } })).toEqual(['b', 'h', 'a', 'd', 'g']);
    expect(walk({ equal: [], from: { value: 'on', inclusive: false } })).toEqual([]);
    expect(count({ equal: ['on'] })).toBe(5);
    const some = {
      by: 'index',
      index: BY_STATE_AND_YEAR,
      ranges: [{ equal: ['off'] }, { equal: ['on'] }],
    } as const;
    expect(records.count(some)).toBe(6);
    expect(records.count(some, 4)).toBe(4);
    expect(records.first({ ...some, reverse: true })).toEqual({ slug: 'c', values: ['off', 2] });
    expect(
      records.first({ by: 'index', index: BY_STATE_AND_YEAR, ranges: [{ equal: ['no'] }] }),
    ).toBeUndefined();
  });

  it('are walked on from any place, from both ends, be the record gone or garbage', async () => {
    const values = [1, 1, 1, 2, 2, 3, null, null, 'x', 'y'];
    await put(Object.fromEntries(values.map((year, i) => [`r${i}`, { year, state: 'on' }])));
    const index: IndexDefinition = { prefix: 'p', parts: [{ path: 'year', type: 'number' }], unique: false };
    await store.useIndexes('p', [index]);
    const valueOf = (slug: string): number | null => {
      const value = values[Number(slug.slice(1))];
      return typeof value === 'number' ? value : null;
    };
    for (const reverse of [false, true]) {
      const ranges = [
        [{ equal: [] }],
        reverse
          ? [{ equal: [null] }, { equal: [3] }, { equal: [1] }]
          : [{ equal: [1] }, { equal: [3] }, { equal: [null] }],
      ];
      for (const each of ranges) {
        const access = { by: 'index', index, ranges: each, reverse } as const;
        const whole = slugsOf(store.records('p').walk(access));
        for (const [i, slug] of whole.entries()) {
          const after = { slug, values: [valueOf(slug)] };
          expect(slugsOf(store.records('p').walk(access, after))).toEqual(whole.slice(i + 1));
        }
      }
    }
    const gone = { slug: 'r1', values: [1] };
    await store.write({ op: 'delete', path: 'p/r1' });
    const access = { by: 'index', index, ranges: [{ equal: [], present: true }] } as const;
    expect(slugsOf(store.records('p').walk(access, gone))).toEqual(['r2', 'r3', 'r4', 'r5']);
    expect(slugsOf(store.records('p').walk({ ...access, reverse: true }, gone))).toEqual(['r2']);
    const wrong = await refusalOf(() =>
      slugsOf(store.records('p').walk(access, { slug: 'r1', values: ['a'] })),
    );
    expect(wrong).toMatchObject({ kind: 'invalid_params', detail: 'invalid_position' });
  });

  it('tell the place of the record consumed last, from which a walk goes on, both ways, though it be gone', async () => {
    const long = 'x'.repeat(6_000);
    const states = ['on', 'on', 'off', `${long}a`, `${long}b`, `${long}a`, null, 'on'];
    await put(Object.fromEntries(states.map((state, i) => [`r${i}`, { state }])));
    await store.useIndexes('p', [BY_STATE]);
    for (const reverse of [false, true]) {
      for (const access of [
        { by: 'index', index: BY_STATE, ranges: [{ equal: [] }], reverse },
        { by: 'slug-range', reverse },
      ] as const) {
        const whole = slugsOf(store.records('p').walk(access));
        expect(whole).toHaveLength(states.length);
        for (let length = 1; length <= whole.length; length++) {
          const walk = store.records('p').walk(access);
          expect(walk.position).toBeUndefined();
          const page: string[] = [];
          for (const { slug } of walk) if (page.push(slug) === length) break;
          expect(page).toEqual(whole.slice(0, length));
          const { position } = walk;
          expect(position?.slug).toBe(page.at(-1));
          expect(slugsOf(store.records('p').walk(access, position))).toEqual(whole.slice(length));
          const slug = page.at(-1) ?? '';
          const path = `p/${slug}/state`;
          const value = states[Number(slug.slice(1))] ?? null;
          await store.write({ op: 'delete', path });
          expect(slugsOf(store.records('p').walk(access, position))).toEqual(whole.slice(length));
          await store.write({ op: 'set', path, value });
        }
      }
    }
  });

  it('have the indexes that are used, and no others', async () => {
    await put({ a: { state: 'on' } });
    const first = await store.useIndexes('p', [BY_STATE]);
    expect(store.records('p').indexes).toEqual([BY_STATE]);
    expect(store.records('q').indexes).toEqual([]);
    const second = await store.useIndexes('p', [BY_STATE_AND_YEAR]);
    expect(store.records('p').indexes).toEqual([BY_STATE, BY_STATE_AND_YEAR]);
    first.release();
    await store.useIndexes('p', [BY_STATE_AND_YEAR]);
    expect(store.records('p').indexes).toEqual([BY_STATE_AND_YEAR]);
    second.release();
    expect(store.records('p').indexes).toEqual([BY_STATE_AND_YEAR]);
    const unknown = await refusalOf(() => slugsOf(store.records('p').walk(everything(BY_STATE))));
    expect(unknown).toMatchObject({ kind: 'invalid_params', detail: 'unknown_index' });
  });

  it('are refused a definition that says nothing', async () => {
    for (const wrong of [
      { ...BY_STATE, parts: [] },
      { ...BY_STATE, prefix: 'q' },
      { ...BY_STATE, parts: [{ path: 'a//b', type: 'string' }] },
      { ...BY_STATE, parts: [{ path: 'a', type: 'text' }] },
    ] as IndexDefinition[]) {
      const refusal = await refusalOf(store.useIndexes('p', [wrong]));
      expect(refusal).toMatchObject({ kind: 'invalid_params', detail: 'invalid_index' });
    }
  });

  it('are held to a unique index, in batches too, as they stand behind the commit', async () => {
    await put({ a: { email: 'a@x' }, b: { email: 'b@x' }, c: {}, d: { email: null } });
    await store.useIndexes('p', [BY_EMAIL]);
    const refusal = await refusalOf(store.write({ op: 'set', path: 'p/e/email', value: 'a@x' }));
    expect(refusal).toMatchObject({
      kind: 'exists',
      detail: 'duplicate',
      path: 'p/e',
      duplicate: { paths: ['email'], values: ['a@x'], slug: 'a' },
    });
    expect(refusal.message).toContain('"p/a", has the same email "a@x"');
    expect(store.exists('p/e')).toBe(false);
    const set = (slug: string, value: string | null) =>
      ({ op: 'set', path: `p/${slug}/email`, value }) as const;
    await store.writeBatch({ operations: [set('a', 'b@x'), set('b', 'a@x')] });
    const check = { op: 'check', path: 'p/zzz', revision: 0 } as const;
    const inBatch = await refusalOf(
      store.writeBatch({ operations: [check, set('f', 'f@x'), set('g', 'g@x'), set('h', 'f@x')] }),
    );
    expect(inBatch).toMatchObject({ kind: 'exists', opIndex: 3, path: 'p/h', duplicate: { slug: 'f' } });
    await store.writeBatch({ operations: [set('e', null), set('i', null)] });
    await store.writeBatch({ operations: [set('a', 'new@x'), set('j', 'b@x')] });
    expect(await refusalOf(store.write(set('a', 'b@x')))).toMatchObject({ duplicate: { slug: 'j' } });
    await store.write({ op: 'delete', path: 'p/j' });
    await store.write(set('a', 'b@x'));
    await store.write(set('a', 'b@x'));
    const context = { clientOpId: 'once' };
    const once = await store.write({ ...set('k', 'k@x'), ...context });
    expect(await store.write({ ...set('k', 'k@x'), ...context })).toEqual(once);
  });

  it('are refused with the operation of a batch that gave them what another one has, and with the first such', async () => {
    const unique = { ...BY_STATE_AND_YEAR, unique: true };
    await put({ a: { state: 'on', year: 1 }, b: { state: 'off', year: 2 } });
    await store.useIndexes('p', [unique]);
    const set = (path: string, value: string | number) => ({ op: 'set', path: `p/${path}`, value }) as const;
    const refused = async (...operations: ReturnType<typeof set>[]) => {
      const { kind, opIndex, path } = await refusalOf(store.writeBatch({ operations }));
      return [kind, opIndex, path];
    };
    expect(
      await refused(set('x/name', 'X'), set('x/year', 1), set('x/state', 'on'), set('x/name', 'Y')),
    ).toEqual(['exists', 2, 'p/x']);
    expect(await refused(set('x/state', 'off'), set('x/year', 1), set('x/state', 'on'))).toEqual([
      'exists',
      2,
      'p/x',
    ]);
    expect(
      await refused(set('y/year', 2), set('x/state', 'on'), set('x/year', 1), set('y/state', 'off')),
    ).toEqual(['exists', 2, 'p/x']);
    expect(store.records('p').count({ by: 'slug-range' })).toBe(2);
  });

  it('of which two have the same are refused a unique index, which leaves nothing behind', async () => {
    await put({ a: { email: 'x' }, b: { email: 'y' }, c: { email: 'x' } });
    const refusal = await refusalOf(store.useIndexes('p', [BY_EMAIL]));
    expect(refusal).toMatchObject({
      kind: 'exists',
      path: 'p/c',
      duplicate: { paths: ['email'], values: ['x'], slug: 'a' },
    });
    await store.write({ op: 'set', path: 'p/b/email', value: 'x' });
    expect(store.records('p').indexes).toEqual([]);
    await store.writeBatch({
      operations: [
        { op: 'delete', path: 'p/b' },
        { op: 'delete', path: 'p/c' },
      ],
    });
    await store.useIndexes('p', [BY_EMAIL]);
    expect(store.records('p').indexes).toEqual([BY_EMAIL]);
  });

  it('let one of fifty at once have a value', async () => {
    await store.useIndexes('p', [BY_EMAIL]);
    const writes = Array.from({ length: 50 }, (__, i) =>
      store.write({ op: 'set', path: `p/r${i}`, value: { email: 'one@x' } }),
    );
    const outcomes = await Promise.allSettled(writes);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(slugsOf(store.records('p').walk(everything(BY_EMAIL)))).toEqual(['r0']);
  });

  it('are indexed in steps between which others have their turn, and can be called off', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 3_000 }, (__, i) => [`r${i}`, { state: `s${i % 7}`, year: i }]),
    );
    await put(many);
    const calledOff = new AbortController();
    const heard: number[] = [];
    const refusal = await refusalOf(
      store.useIndexes('p', [BY_STATE], {
        signal: calledOff.signal,
        onProgress: (__, records) => {
          heard.push(records);
          if (records > 1_000) calledOff.abort();
        },
      }),
    );
    expect(refusal.kind).toBe('aborted');
    expect(heard.length).toBeGreaterThan(1);
    expect(store.records('p').indexes).toEqual([]);
    let turns = 0;
    let isDone = false;
    const building = store.useIndexes('p', [BY_STATE, BY_STATE_AND_YEAR]).then(() => (isDone = true));
    while (!isDone) {
      await turnOfTheLoop();
      await store.write({ op: 'set', path: `p/r${turns * 100}/state`, value: 'changed' });
      turns++;
    }
    await building;
    expect(turns).toBeGreaterThan(5);
    expect(store.records('p').count(everything(BY_STATE))).toBe(Math.max(3_000, 3_000 + turns - 30));
    const changed = { by: 'index', index: BY_STATE, ranges: [{ equal: ['changed'] }] } as const;
    expect(store.records('p').count(changed)).toBe(turns);
  });

  it('that are held stay as they were, by slug and by index, whatever is written', async () => {
    await put({ a: { state: 'on' }, b: { state: 'off' }, c: { state: 'on' } });
    await store.useIndexes('p', [BY_STATE]);
    const records = store.records('p');
    const before = [records.moment, records.era];
    const held = records.hold?.();
    const read = (of = records) => [
      slugsOf(of.walk({ by: 'slug-range' })),
      slugsOf(of.walk(on)),
      [of.count({ by: 'slug-range' }), of.count(on)],
      ['a', 'b', 'd'].map((slug) => of.get(slug)?.leaves.map(({ value }) => value)),
    ];
    await store.write({ op: 'delete', path: 'p/a' });
    await store.writeBatch({
      operations: [
        { op: 'set', path: 'p/b/state', value: 'on' },
        { op: 'set', path: 'p/d', value: { state: 'on' } },
      ],
    });
    const then = [
      ['a', 'b', 'c'],
      ['a', 'c'],
      [3, 2],
      [['on'], ['off'], undefined],
    ];
    expect([read(held?.records), held?.isWhole]).toEqual([then, true]);
    expect([held?.records.moment, held?.records.era]).toEqual(before);
    // What stays as it is need not be held.
    expect(held?.records.hold?.()).toBeUndefined();
    expect(read()).toEqual([
      ['b', 'c', 'd'],
      ['b', 'c', 'd'],
      [3, 3],
      [undefined, ['on'], ['on']],
    ]);
    expect(records.moment).toBeGreaterThan(before[0]!);
    held?.release();
  });

  it('that are held can be read no longer where a commit was undone, and go on where one was refused', async () => {
    await put({ a: { state: 'on' } });
    const held = store.records('p').hold?.();
    const refused = { op: 'set', path: 'p/a/state', value: 'off', ifMatch: 7 } as const;
    expect((await refusalOf(store.write(refused))).kind).toBe('conflict');
    expect(held?.isWhole).toBe(true);
    const full = new Error('no room');
    const commit = storage.commit.bind(storage);
    jest.spyOn(storage, 'commit').mockImplementationOnce(async (work) => {
      await commit(work);
      throw full;
    });
    await expect(store.write({ op: 'set', path: 'p/a/state', value: 'off' })).rejects.toBe(full);
    expect(held?.isWhole).toBe(false);
    held?.release();
  });

  it('that are held are refused once their store is closed', async () => {
    await put({ a: { state: 'on' } });
    const held = store.records('p').hold?.();
    await store.close();
    expect(await refusalOf(() => held?.records.get('a'))).toMatchObject({ kind: 'closed' });
    held?.release();
  });

  it('stop being indexed when the store is closed', async () => {
    await put(Object.fromEntries(Array.from({ length: 3_000 }, (__, i) => [`r${i}`, { state: 'on' }])));
    const building = refusalOf(store.useIndexes('p', [BY_STATE]));
    await turnOfTheLoop();
    await store.close();
    expect((await building).kind).toBe('closed');
    expect(await refusalOf(() => store.records('p'))).toMatchObject({ kind: 'closed' });
  });
});

it('the indexes of a folder are kept by whoever opens it, and a build goes on where it stopped', async () => {
  let store = new Store({ storage: await openLmdbStorage({ path: folder.path }) });
  await store.write({ op: 'set', path: 'p', value: { a: { state: 'on' }, b: { state: 'off' } } });
  await store.useIndexes('p', [BY_STATE]);
  await store.close();
  store = new Store({ storage: await openLmdbStorage({ path: folder.path }) });
  await store.write({ op: 'set', path: 'p/b/state', value: 'on' });
  await store.close();
  store = new Store({ storage: await openLmdbStorage({ path: folder.path }) });
  try {
    const on = { by: 'index', index: BY_STATE, ranges: [{ equal: ['on'] }] } as const;
    expect(slugsOf(store.records('p').walk(on))).toEqual(['a', 'b']);
    const progress = jest.fn();
    await store.useIndexes('p', [BY_STATE], { onProgress: progress });
    expect(progress).not.toHaveBeenCalled();
  } finally {
    await store.close();
  }
});

describe('what reading by an index costs', () => {
  /** A storage whose leaves and keys are counted as they are read. */
  function counted(): { storage: StoreStorage; readonly read: { leaves: number; keys: number } } {
    const storage = createMemoryStorage();
    const read = { leaves: 0, keys: 0 };
    function* counting<T>(items: Iterable<T>, kind: keyof typeof read): Generator<T, void, undefined> {
      for (const item of items) {
        read[kind]++;
        yield item;
      }
    }
    const { leaves } = storage;
    const { keys } = storage.indexes;
    const countedKeys = new Proxy(keys, {
      get: (target, name) => {
        if (name === 'range') return (range: never) => counting(target.range(range), 'keys');
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const countedLeaves = new Proxy(leaves, {
      get: (target, name) => {
        if (name === 'range') return (range: TreeRange) => counting(target.range(range), 'leaves');
        if (name === 'subtree') {
          return (path: string) => {
            const found = target.subtree?.(path) ?? [];
            read.leaves += found.length;
            return found;
          };
        }
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const definitions = storage.indexes;
    const indexes = {
      keys: countedKeys,
      get definitions() {
        return definitions.definitions;
      },
      define: definitions.define.bind(definitions),
    };
    return { storage: { ...storage, leaves: countedLeaves, indexes }, read };
  }

  it('is what is consumed, wherever it lies, from both ends, however many share a value', async () => {
    const { storage, read } = counted();
    const store = new Store({ storage });
    for (let start = 0; start < 100_000; start += 10_000) {
      const part = Array.from({ length: 10_000 }, (_, i) => [
        `r${String(start + i).padStart(6, '0')}`,
        { state: start + i < 50_000 ? 'on' : 'off', year: start + i },
      ]);
      await store.write({ op: 'merge', path: 'p', value: Object.fromEntries(part) });
    }
    await store.useIndexes('p', [BY_STATE, BY_STATE_AND_YEAR]);
    const records = store.records('p');
    const costOf = (access: RecordAccess, after?: object): [number, number] => {
      read.leaves = read.keys = 0;
      const page: string[] = [];
      for (const { slug } of records.walk(access, after as never)) {
        page.push(slug);
        if (page.length === 20) break;
      }
      expect(page).toHaveLength(20);
      return [read.leaves, read.keys];
    };
    for (const reverse of [false, true]) {
      for (const after of [
        undefined,
        { slug: 'r025000', values: ['on'] },
        { slug: 'r075000', values: ['off'] },
      ]) {
        const [leaves, keys] = costOf(
          { by: 'index', index: BY_STATE, ranges: [{ equal: [] }], reverse },
          after,
        );
        expect(leaves).toBeLessThanOrEqual(40);
        expect(keys).toBeLessThanOrEqual(38);
      }
      for (const after of [undefined, { slug: 'r025000', values: ['on', 25_000] }]) {
        const ranges = [{ equal: ['on'] }];
        const [leaves, keys] = costOf({ by: 'index', index: BY_STATE_AND_YEAR, ranges, reverse }, after);
        expect(leaves).toBeLessThanOrEqual(40);
        expect(keys).toBeLessThanOrEqual(42);
      }
      for (const after of [undefined, { slug: 'r050000' }]) {
        const [leaves] = costOf({ by: 'slug-range', reverse }, after);
        expect(leaves).toBeLessThanOrEqual(43);
      }
    }
    read.leaves = read.keys = 0;
    expect(records.count({ by: 'index', index: BY_STATE, ranges: [{ equal: ['on'] }] })).toBe(50_000);
    expect(records.count({ by: 'slug-range', from: { slug: 'r040000', inclusive: true } })).toBe(60_000);
    expect(records.count({ by: 'slug-range' })).toBe(100_000);
    expect(read).toEqual({ leaves: 0, keys: 0 });
    await store.close();
  }, 60_000);
});
