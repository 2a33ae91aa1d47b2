import { Pattern } from '../../../src/protocol/paths/pattern.js';
import type { BatchOperation, Store } from '../../../src/store/index.js';
import { leavesOf, openStore, refusalOf } from './open-store.js';

const set = (path: string, value = 1): BatchOperation => ({ op: 'set', path, value });
const check = (path: string, revision: number): BatchOperation => ({ op: 'check', path, revision });

let store: Store;

beforeEach(() => {
  store = openStore();
});

afterEach(() => store.close());

const batch = (...operations: BatchOperation[]) => store.writeBatch({ operations });

describe('a check in a batch', () => {
  beforeEach(() => batch(set('r/a'), set('r/b')));

  it('lets through what it holds for, and writes nothing', async () => {
    const heard: string[] = [];
    store.watch(Pattern.parse('**'), ({ operations }) => heard.push(...operations.map(({ path }) => path)));
    const receipt = await batch(check('r', 2), set('r/c'), check('r/a', 1), check('none', 0), set('s'));
    expect(receipt).toEqual({
      storeSeq: 4,
      operations: [2, 3, 3, 3, 4].map((storeSeq) => ({ storeSeq })),
    });
    expect(heard).toEqual(['r/c', 's']);
    expect(store.log({ after: 2 }).operations.map(({ commit }) => commit)).toEqual([
      { first: 3, last: 4 },
      { first: 3, last: 4 },
    ]);
  });

  it.each<[string, BatchOperation, object]>([
    ['something where nothing was to be', check('r', 0), { kind: 'exists', currentRevision: 2 }],
    ['a newer revision below', check('r', 1), { kind: 'conflict', currentRevision: 2 }],
    ['an older revision than asked for', check('r/a', 2), { kind: 'conflict', currentRevision: 1 }],
    ['nothing where a revision was to be', check('none', 1), { kind: 'conflict' }],
  ])('refuses everything for %s', async (_, failing, facts) => {
    const refusal = await refusalOf(batch(set('x'), failing));
    expect(refusal).toMatchObject({ ...facts, path: failing.path, opIndex: 1 });
    expect([store.exists('x'), store.status().storeSeq]).toEqual([false, 2]);
  });

  it('sees what the batch did before it', async () => {
    await batch(set('r/c'), check('r', 3), { op: 'delete', path: 'r' }, check('r', 0));
    expect(leavesOf(store)).toEqual([]);
    expect(await refusalOf(batch(check('r', 0), set('r/d'), check('r', 0)))).toMatchObject({
      kind: 'exists',
      opIndex: 2,
    });
  });

  it('may be all there is: the store stays where it is', async () => {
    expect(await batch(check('r', 2))).toEqual({ storeSeq: 2, operations: [{ storeSeq: 2 }] });
    expect(await refusalOf(batch(check('r', 9)))).toMatchObject({ kind: 'conflict', opIndex: 0 });
    expect(store.status()).toMatchObject({ storeSeq: 2, operationCount: 2 });
  });

  it.each([-1, 1.5, NaN, '2'])('refuses %p for a revision', async (revision) => {
    expect(await refusalOf(batch({ op: 'check', path: 'r', revision: revision as number }))).toMatchObject({
      kind: 'invalid_params',
      detail: 'invalid_revision',
    });
  });

  it('is not asked again when the batch is made again under its id', async () => {
    const request = { operations: [check('r', 2), set('r/c'), check('r', 3), set('r/d')], clientOpId: 'id' };
    const receipt = await store.writeBatch(request);
    expect(receipt.operations.map(({ storeSeq }) => storeSeq)).toEqual([2, 3, 3, 4]);
    await batch(set('r/e'));
    expect(await store.writeBatch(request)).toEqual(receipt);
    expect(store.status().storeSeq).toBe(5);
    expect(
      store
        .log({ after: 2 })
        .operations.map(({ clientOpId }) => clientOpId)
        .slice(0, 2),
    ).toEqual(['id:0', 'id:1']);
    expect(await refusalOf(store.writeBatch({ ...request, operations: [set('other')] }))).toMatchObject({
      detail: 'client_op_id_reused',
    });
  });
});

describe('counters and sets in a batch', () => {
  it('see each other, and are one commit', async () => {
    await batch(
      { op: 'increment', path: 'n', value: 2 },
      { op: 'increment', path: 'n', value: 3 },
      { op: 'add', path: 's', value: 'a' },
      { op: 'add', path: 's', value: 'b' },
      { op: 'remove', path: 's', value: 'a' },
    );
    expect([store.get('n')?.value, store.get('s')?.value]).toEqual([5, ['b']]);
    expect(new Set(store.log().operations.map(({ commit }) => JSON.stringify(commit)))).toEqual(
      new Set(['{"first":1,"last":5}']),
    );
  });

  it('take nothing back with them when one is refused', async () => {
    await batch(set('text'), { op: 'set', path: 'text', value: 'abc' });
    const refused = batch(
      { op: 'increment', path: 'n', value: 1 },
      { op: 'increment', path: 'text', value: 1 },
    );
    expect(await refusalOf(refused)).toMatchObject({ detail: 'increment_requires_number_leaf', opIndex: 1 });
    expect(store.exists('n')).toBe(false);
  });
});

describe('who joins', () => {
  it.each([0, 1, 2, 3, 4, 5])(
    'is given whole commits, when a compaction keeps %i operations',
    async (keep) => {
      await batch(set('a'), set('b'));
      await batch(set('c'), set('d'), set('e'));
      await store.compact({ keep });
      await batch(set('f'), set('g'));
      for (const standing of [0, 2, 5, 7]) {
        const { snapshot, operations } = store.catchUp(standing);
        const told = new Set(operations.map(({ storeSeq }) => storeSeq));
        for (const { commit } of operations) {
          for (let seq = commit!.first; seq <= commit!.last; seq++) expect(told.has(seq)).toBe(true);
        }
        if (snapshot !== undefined) expect([0, 2, 5, 7]).toContain(snapshot.seq);
      }
    },
  );
});
