import type { StoredIndex } from '../../../../src/store/indexes/definitions.js';
import type { Databases } from '../../../../src/store/lmdb/databases.js';
import { LmdbIndexStorage } from '../../../../src/store/lmdb/lmdb-index-storage.js';
import { WriteScope } from '../../../../src/store/lmdb/write-scope.js';

/** Indexes over a database that holds something as their definitions. */
function scene(stored?: unknown) {
  let held = stored;
  const indexes = {
    get: () => held,
    put: (_: string, value: unknown) => (held = value),
    damaged: (key: string) => new Error(`${key} are damaged`),
  };
  const databases = { indexes } as unknown as Databases;
  const scope = new WriteScope(() => new Error('a write outside of a transaction'));
  return {
    scope,
    open: () => new LmdbIndexStorage(databases, scope),
    put: (value: unknown) => (held = value),
  };
}

const INDEX: StoredIndex = {
  number: 1,
  definition: { prefix: 'p', parts: [{ path: 'x', type: 'string' }], unique: false },
  state: { name: 'complete' },
};

it('definitions are there for whoever opens the folder, and written in a transaction', () => {
  const { scope, open, put } = scene();
  const storage = open();
  expect(storage.definitions).toStrictEqual([]);
  expect(() => {
    storage.define([INDEX]);
  }).toThrow('outside of a transaction');
  scope.run(() => {
    storage.define([INDEX]);
  });
  expect([storage.definitions, open().definitions]).toStrictEqual([[INDEX], [INDEX]]);
  put([]);
  expect(storage.definitions).toStrictEqual([INDEX]);
  storage.reload();
  expect(storage.definitions).toStrictEqual([]);
});

it.each<[string, unknown]>([
  ['no list', 5],
  ['null', null],
  ['a list of something else', [INDEX, 5]],
  ['a list of null', [null]],
  ['an index without a number', [{ ...INDEX, number: '1' }]],
  ['an index that lacks its number', [{ definition: INDEX.definition, state: INDEX.state }]],
  ['an index that lacks its definition', [{ number: 1, state: INDEX.state }]],
  ['an index that lacks its state', [{ number: 1, definition: INDEX.definition }]],
  ['a definition that is none', [{ ...INDEX, definition: null }]],
  ['a definition that is a text', [{ ...INDEX, definition: 'p' }]],
  ['a definition without a prefix', [{ ...INDEX, definition: { parts: [] } }]],
  ['a definition without parts', [{ ...INDEX, definition: { prefix: 'p' } }]],
  ['a definition whose parts are no list', [{ ...INDEX, definition: { prefix: 'p', parts: 5 } }]],
  ['a state that is none', [{ ...INDEX, state: null }]],
  ['a state that is a text', [{ ...INDEX, state: 'complete' }]],
  ['a state without a name', [{ ...INDEX, state: {} }]],
])('definitions that are %s are damaged', (_, stored) => {
  expect(scene(stored).open).toThrow('definitions are damaged');
});
