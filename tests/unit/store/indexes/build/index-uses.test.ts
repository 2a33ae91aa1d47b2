import type { IndexDefinition } from '../../../../../src/protocol/values/record-access.js';
import { Store, createMemoryStorage } from '../../../../../src/store/index.js';
import { StoreIndexes } from '../../../../../src/store/indexes/store-indexes.js';

const by = (path: string, unique = false): IndexDefinition => ({
  prefix: 'p',
  parts: [{ path, type: 'string' }],
  unique,
});

function scene() {
  const storage = createMemoryStorage();
  const store = new Store({ storage });
  const put = (slug: string, record: Readonly<Record<string, string>>) =>
    store.write({ op: 'set', path: `p/${slug}`, value: record });
  const states = () =>
    storage.indexes.definitions.map(({ definition, state }) => `${definition.parts[0]?.path} ${state.name}`);
  const entries = () => [...storage.indexes.keys.range({ from: '', to: '\uffff' })].length;
  return { storage, store, put, states, entries };
}

afterEach(() => {
  jest.restoreAllMocks();
});

describe('a use of indexes', () => {
  it('that failed uses nothing: the next one drops what was begun for it', async () => {
    const { store, put, states, entries } = scene();
    await put('a', { state: 'on', kind: 'x' });
    const calledOff = AbortSignal.abort(new Error('enough'));
    const controller = new AbortController();
    const building = store.useIndexes('p', [by('state')], {
      signal: controller.signal,
      onProgress: () => {
        controller.abort(new Error('enough'));
      },
    });
    await expect(building).rejects.toMatchObject({ kind: 'aborted' });
    expect(states()).toEqual(['state building']);
    await expect(store.useIndexes('p', [by('kind')], { signal: calledOff })).rejects.toMatchObject({
      kind: 'aborted',
    });
    expect(states()).toEqual(['state building']);
    await store.useIndexes('p', [by('kind')]);
    expect([states(), entries()]).toEqual([['kind complete'], 1]);
    await store.close();
  });

  it('hears how many records are indexed, of how many', async () => {
    const { storage, store, put } = scene();
    for (const slug of ['a', 'b', 'c']) await put(slug, { state: 'on' });
    await store.write({ op: 'set', path: 'other/a', value: { state: 'on' } });
    const heardOf = async (...definitions: readonly IndexDefinition[]): Promise<readonly string[]> => {
      const heard = new Set<string>();
      await store.useIndexes('p', definitions, {
        onProgress: ({ parts }, records, total) => heard.add(`${parts[0]?.path} ${records} of ${total}`),
      });
      return [...heard];
    };
    expect(await heardOf(by('state'))).toEqual(['state 3 of 3']);
    Object.assign(storage.leaves, { countBelow: undefined });
    expect(await heardOf(by('state'), by('kind'))).toEqual(['kind 3 of 3']);
    await store.close();
  });

  it('hears of no total where counting the records would read them', async () => {
    const { storage, store, put } = scene();
    await put('a', { state: 'on' });
    Object.assign(storage.leaves, { countBelow: undefined });
    const totals = new Set<unknown>();
    await store.useIndexes('p', [by('state')], { onProgress: (_, records, total) => totals.add(total) });
    expect([...totals]).toEqual([undefined]);
    await store.close();
  });

  it('that was released counts no more, and one that was not does', async () => {
    const { store, put, states, entries } = scene();
    await put('a', { state: 'on', kind: 'x' });
    const first = await store.useIndexes('p', [by('state')]);
    await store.useIndexes('p', [by('kind')]);
    expect(states()).toEqual(['state complete', 'kind complete']);
    first.release();
    expect(states()).toEqual(['state complete', 'kind complete']);
    await store.useIndexes('p', [by('other')]);
    expect([states(), entries()]).toEqual([['kind complete', 'other complete'], 2]);
    await store.close();
  });

  it('fails with what keeps it from dropping others', async () => {
    const { storage, store, put, states } = scene();
    await put('a', { state: 'on', kind: 'x' });
    (await store.useIndexes('p', [by('state')])).release();
    const commit = storage.commit.bind(storage);
    const full = new Error('no room');
    jest.spyOn(storage, 'commit').mockImplementation((work) => {
      const isDropping = states().includes('state dropping') && states().includes('kind complete');
      return isDropping ? Promise.reject(full) : commit(work);
    });
    await expect(store.useIndexes('p', [by('kind')])).rejects.toBe(full);
    jest.restoreAllMocks();
    await store.useIndexes('p', [by('kind')]);
    expect(states()).toEqual(['kind complete']);
    await store.close();
  });

  it('that was refused leaves neither the index nor entries of it', async () => {
    const { store, put, states, entries } = scene();
    await put('a', { mail: 'x' });
    await put('b', { mail: 'x' });
    await expect(store.useIndexes('p', [by('mail', true)])).rejects.toMatchObject({ kind: 'exists' });
    expect([states(), entries()]).toEqual([[], 0]);
    await store.close();
  });
});

it.each([
  ['is complete', undefined],
  ['was called off', new AbortController()],
])('nothing is noted of commits any more once a build %s', async (_, controller) => {
  const note = jest.spyOn(StoreIndexes.prototype, 'note');
  const { store, put } = scene();
  await put('a', { state: 'on' });
  await store
    .useIndexes('p', [by('state')], {
      signal: controller?.signal,
      onProgress: () => controller?.abort(),
    })
    .catch(() => undefined);
  const noted = note.mock.results.map(({ value }) => (value as ReturnType<StoreIndexes['note']>).touched);
  await put('a', { state: 'off' });
  await put('b', { state: 'on' });
  expect(noted.map(({ size }) => size)).toEqual([0]);
  await store.close();
});
