import { Pattern } from '../../../../src/protocol/paths/pattern.js';
import type { Commit, RecordCommit } from '../../../../src/protocol/requests/operation.js';
import type { IndexDefinition } from '../../../../src/protocol/values/record-access.js';
import type { BatchOperation, StatePiece, StoreStorage } from '../../../../src/store/index.js';
import { Store, createMemoryStorage } from '../../../../src/store/index.js';
import { openLmdbStorage } from '../../../../src/store/lmdb/index.js';
import { Draw } from '../../query/plan/model/draw.js';
import { useDataFolder } from '../lmdb/data-folder.js';
import { leavesOf, refusalOf } from '../open-store.js';
import type { CopiedStore } from './copied-store.js';
import { arriving, copiedStore, stateOf } from './copied-store.js';

const UNIQUE: IndexDefinition = { prefix: 'r', parts: [{ path: 'u', type: 'string' }], unique: true };
const OTHER: IndexDefinition = { prefix: 's', parts: [{ path: 'u', type: 'string' }], unique: true };
const PLAIN: IndexDefinition = { prefix: 'r', parts: [{ path: 'n', type: 'number' }], unique: false };

const folder = useDataFolder();
const STORAGES: Readonly<Record<string, () => Promise<StoreStorage>>> = {
  memory: () => Promise.resolve(createMemoryStorage()),
  lmdb: () => openLmdbStorage({ path: folder.path }),
};

function batch(draw: Draw): BatchOperation[] {
  return Array.from({ length: 1 + draw.int(6) }, (): BatchOperation => {
    const slug = draw.int(60);
    const record = `${draw.of(['r', 's', 'r/1/deep'])}/${slug}`;
    if (draw.percent(20)) return { op: 'delete', path: record };
    if (draw.percent(30)) return { op: 'increment', path: `${record}/n`, value: 1 };
    return { op: 'set', path: record, value: { u: `${record}-${draw.int(3)}`, n: draw.int(9) } };
  });
}

/** What an index has, in its order. */
function entriesOf(store: Store, index: IndexDefinition): unknown[] {
  return [...store.records(index.prefix).walk({ by: 'index', index, ranges: [{ equal: [] }] })];
}

describe.each(Object.entries(STORAGES))('a copy in %s that takes the state of another', (_, open) => {
  let source: CopiedStore;
  let target: CopiedStore;

  beforeEach(async () => {
    source = copiedStore(createMemoryStorage());
    target = copiedStore(await open());
  });

  afterEach(async () => {
    await source.store.close();
    await target.store.close();
  });

  it('is the same, whatever it held before, and goes on as the other', async () => {
    const draw = new Draw(3);
    await source.copy.keepIndexes('r', [UNIQUE]);
    for (let round = 0; round < 25; round++) {
      for (let i = 0; i < 20; i++) await source.apply(batch(draw), round * 200_000 + i);
      for (let i = draw.int(4); i > 0; i--) await target.apply(batch(draw), round * 200_000 + i);
      if (draw.percent(30)) {
        const compact = { kind: 'compact', keep: draw.int(5) } as const;
        await source.copy.apply({ time: round * 200_000, requests: [compact], markOf: () => ({ round }) });
      }
      const state = stateOf(source);
      await target.copy.restore(arriving(state));
      expect(stateOf(target)).toEqual(state);
      expect(target.copy.isRestoring).toBe(false);
    }
    expect(entriesOf(target.store, UNIQUE)).toEqual(entriesOf(source.store, UNIQUE));
    const next = batch(draw);
    await source.apply(next);
    await target.apply(next);
    expect(leavesOf(target.store)).toEqual(leavesOf(source.store));
  });

  it('keeps its own indexes right, and has of those that decide the ones of the other', async () => {
    const use = await target.store.useIndexes('r', [PLAIN]);
    await target.copy.keepIndexes('s', [OTHER]);
    await source.copy.keepIndexes('r', [UNIQUE]);
    const draw = new Draw(5);
    for (let i = 0; i < 30; i++) await source.apply(batch(draw));
    for (let i = 0; i < 30; i++) await target.apply(batch(draw));
    await target.copy.restore(arriving(stateOf(source)));
    expect(target.store.indexes().filter(({ isKept }) => isKept)).toEqual(source.store.indexes());
    const again = await source.store.useIndexes('r', [PLAIN]);
    for (const index of [PLAIN, UNIQUE]) {
      expect(entriesOf(target.store, index)).toEqual(entriesOf(source.store, index));
    }
    for (const each of [use, again]) each.release();
  });

  it('knows the client ids of what the other has committed', async () => {
    const by = { deviceId: 'd', clientOpId: 'asked-once', mayBeRepeated: true };
    const request = {
      kind: 'commit' as const,
      by,
      commands: [{ op: 'increment' as const, path: 'n', value: 1 }],
    };
    const frame = { time: 1, requests: [request], markOf: () => ({}) };
    await source.copy.apply(frame);
    await target.copy.restore(arriving(stateOf(source)));
    await target.copy.apply(frame);
    expect(target.store.get('n')?.value).toBe(1);
  });

  it('tells watchers what differs, as one commit, when all of it is there', async () => {
    const before: BatchOperation[] = [
      { op: 'set', path: 'r/kept', value: { u: 'k' } },
      { op: 'set', path: 'r/changed', value: { u: 'c', n: 1 } },
      { op: 'set', path: 'r/gone', value: { u: 'g' } },
    ];
    await source.apply(before);
    await target.apply(before);
    await source.apply([
      { op: 'set', path: 'r/changed/n', value: 2 },
      { op: 'delete', path: 'r/gone' },
      { op: 'set', path: 'r/new', value: { u: 'n' } },
    ]);
    const [commits, records, restarts]: [Commit[], RecordCommit[], number[]] = [[], [], []];
    target.store.watch(Pattern.parse('**'), (commit) => commits.push(commit));
    target.store.watchRecords('r', (told) => records.push(...told));
    target.store.onAnew(() => restarts.push(commits.length));
    const tell = await target.copy.restore(arriving(stateOf(source)));
    expect(commits).toEqual([]);
    tell();
    const { storeSeq } = source.store.status();
    expect(restarts).toEqual([0]);
    expect(commits).toHaveLength(1);
    expect(commits[0]).toMatchObject({ first: storeSeq, last: storeSeq });
    expect(commits[0]!.operations.map(({ op, path }) => [op, path])).toEqual([
      ['set', 'r/changed/n'],
      ['delete', 'r/gone/u'],
      ['set', 'r/new/u'],
    ]);
    expect(records).toHaveLength(1);
    expect(records[0]!.records.map(({ slug, existed, leaves }) => [slug, existed, leaves.length])).toEqual([
      ['changed', true, 2],
      ['gone', true, 0],
      ['new', false, 1],
    ]);
  });

  it('is no store until it is whole, and begins again, when it was broken off', async () => {
    await target.apply([{ op: 'set', path: 'r/old', value: { u: 'old' } }]);
    const operations = Array.from({ length: 900 }, (_, i): BatchOperation => {
      return { op: 'set', path: `r/${String(i).padStart(4, '0')}`, value: { u: 'x'.repeat(900), n: i } };
    });
    await source.apply(operations);
    const state = stateOf(source);
    expect(state.length).toBeGreaterThan(6);
    const heard: Commit[] = [];
    target.store.watch(Pattern.parse('**'), (commit) => heard.push(commit));
    for (let pieces = 0; pieces < state.length; pieces++) {
      const cut = async function* (): AsyncIterable<StatePiece> {
        yield* arriving(state.slice(0, pieces));
        throw new Error('cut');
      };
      await expect(target.copy.restore(cut())).rejects.toThrow('cut');
      expect(target.copy.isRestoring).toBe(pieces > 0);
      if (pieces === 0) continue;
      const alone = await refusalOf(() => new Store({ storage: target.storage }));
      expect(alone).toMatchObject({ kind: 'storage', detail: 'half_restored' });
    }
    expect(heard).toEqual([]);
    const tell = await target.copy.restore(arriving(state));
    expect(stateOf(target)).toEqual(state);
    tell();
    // Of all attempts together.
    expect(heard).toHaveLength(1);
    expect(heard[0]!.operations.map(({ op }) => op).filter((op) => op === 'delete')).toHaveLength(1);
    expect(heard[0]!.operations).toHaveLength(1_801);
  });

  it('is called off between two pieces', async () => {
    await source.apply([{ op: 'set', path: 'a', value: 1 }]);
    const end = new AbortController();
    const pieces = async function* (): AsyncIterable<StatePiece> {
      for (const piece of stateOf(source)) {
        yield await Promise.resolve(piece);
        end.abort();
      }
    };
    const refusal = await refusalOf(target.copy.restore(pieces(), end.signal));
    expect(refusal.kind).toBe('aborted');
    expect(target.copy.isRestoring).toBe(true);
  });
});

it('a folder whose copy was broken off is opened again as such, and looks well to whoever verifies it', async () => {
  const source = copiedStore(createMemoryStorage());
  const draw = new Draw(11);
  for (let i = 0; i < 40; i++) await source.apply(batch(draw));
  const state = stateOf(source);
  for (let pieces = 1; pieces < state.length; pieces++) {
    const target = copiedStore(await openLmdbStorage({ path: folder.path, verify: true }));
    const cut = async function* (): AsyncIterable<StatePiece> {
      yield* arriving(state.slice(0, pieces));
      throw new Error('cut');
    };
    await expect(target.copy.restore(cut())).rejects.toThrow('cut');
    await target.store.close();
  }
  const again = copiedStore(await openLmdbStorage({ path: folder.path, verify: true }));
  expect(again.copy.isRestoring).toBe(true);
  await again.copy.restore(arriving(state));
  expect(stateOf(again)).toEqual(state);
  await again.store.close();
  const whole = copiedStore(await openLmdbStorage({ path: folder.path, verify: true }));
  expect(stateOf(whole)).toEqual(state);
  await whole.store.close();
  await source.store.close();
});
