import { Pattern } from '../../../../src/protocol/paths/pattern.js';
import { createMemoryStorage } from '../../../../src/store/index.js';
import { arriving, copiedStore, stateOf } from '../copying/copied-store.js';

describe('the copy of a store', () => {
  it('keeps a file once, as it came first', async () => {
    const { copy, storage, store } = copiedStore(createMemoryStorage());
    const content = Uint8Array.of(1, 2, 3);
    await copy.keepFile('hash', { content, contentType: 'first' });
    await copy.keepFile('hash', { content, contentType: 'second' });
    expect(storage.blobs.get('hash')?.contentType).toBe('first');
    expect(storage.measure?.().fileBytes).toBe(3);
    await store.close();
  });

  it('tells of each state that it takes what differs from the one before', async () => {
    const [source, target] = [copiedStore(createMemoryStorage()), copiedStore(createMemoryStorage())];
    const heard: string[][] = [];
    target.store.watch(Pattern.parse('**'), ({ operations }) =>
      heard.push(operations.map(({ path }) => path)),
    );
    await source.apply([{ op: 'set', path: 'a', value: 1 }]);
    (await target.copy.restore(arriving(stateOf(source))))();
    await source.apply([{ op: 'set', path: 'b', value: 1 }]);
    (await target.copy.restore(arriving(stateOf(source))))();
    expect(heard).toEqual([['a'], ['b']]);
    for (const { store } of [source, target]) await store.close();
  });

  it('tells nobody of a state when nobody listened as it came', async () => {
    const [source, target] = [copiedStore(createMemoryStorage()), copiedStore(createMemoryStorage())];
    await source.apply([{ op: 'set', path: 'a', value: 1 }]);
    const tell = await target.copy.restore(arriving(stateOf(source)));
    const heard: unknown[] = [];
    target.store.watch(Pattern.parse('**'), (commit) => heard.push(commit));
    tell();
    expect(heard).toEqual([]);
    for (const { store } of [source, target]) await store.close();
  });

  it('says while it takes a state that it has none', async () => {
    const [source, target] = [copiedStore(createMemoryStorage()), copiedStore(createMemoryStorage())];
    await source.apply([{ op: 'set', path: 'a', value: 1 }]);
    expect(target.copy.isRestoring).toBe(false);
    const broken = async function* () {
      yield* arriving(stateOf(source).slice(0, 1));
      throw new Error('cut');
    };
    await expect(target.copy.restore(broken())).rejects.toThrow('cut');
    expect(target.copy.isRestoring).toBe(true);
    await target.copy.restore(arriving(stateOf(source)));
    expect(target.copy.isRestoring).toBe(false);
    for (const { store } of [source, target]) await store.close();
  });
});
