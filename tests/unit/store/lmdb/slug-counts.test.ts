import type { IndexDefinition } from '../../../../src/protocol/values/record-access.js';
import { openLmdbStorage } from '../../../../src/store/lmdb/index.js';
import { Store } from '../../../../src/store/store.js';
import { useDataFolder } from './data-folder.js';

const folder = useDataFolder();
const BY_NAME: IndexDefinition = { prefix: 'p', parts: [{ path: 'name', type: 'string' }], unique: false };

/** The whole is counted by an index, which no range of slugs is. */
it('records are counted by their slugs as they are without an index', async () => {
  const store = new Store({ storage: await openLmdbStorage({ path: folder.path }) });
  const names = ['ab', 'ac', 'b', 'c', 'd'];
  const value = Object.fromEntries(names.map((slug) => [slug, { name: slug }]));
  await store.write({ op: 'set', path: 'p', value });
  const bound = (slug: string) => ({ slug, inclusive: true });
  const counts = () =>
    [
      {},
      { from: bound('b') },
      { to: bound('b') },
      { from: bound('ac'), to: bound('c') },
      { startsWith: 'a' },
      { startsWith: '' },
    ].map((range) => store.records('p').count({ by: 'slug-range', ...range }));
  const expected = [5, 3, 3, 3, 2, 5];
  expect(counts()).toEqual(expected);
  await store.useIndexes('p', [BY_NAME]);
  expect(counts()).toEqual(expected);
  await store.close();
});
