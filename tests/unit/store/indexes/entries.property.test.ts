import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import type { ReadableTree, StoreStorage } from '../../../../src/store/index.js';
import { createMemoryStorage } from '../../../../src/store/index.js';
import { CompiledIndex } from '../../../../src/store/indexes/compiled-index.js';
import type { EntryValues } from '../../../../src/store/indexes/compiled-index.js';
import type { StoredIndex } from '../../../../src/store/indexes/definitions.js';
import type { EntryChanges } from '../../../../src/store/indexes/entry-changes.js';
import type { RecordView } from '../../../../src/store/indexes/part-values.js';
import { StoreIndexes, defaultIndexParts } from '../../../../src/store/indexes/store-indexes.js';
import type { OperationChanges } from '../../../../src/store/indexes/touched-records.js';
import { openLmdbStorage } from '../../../../src/store/lmdb/index.js';
import { anyActions } from './model/actions.js';
import type { Action, Mutation } from './model/indexed-store.js';
import { IndexedStore } from './model/indexed-store.js';

async function follow(store: IndexedStore, actions: readonly Action[]): Promise<void> {
  await store.open();
  try {
    for (const action of actions) {
      await store.take(action);
      store.check();
    }
  } finally {
    await store.close();
  }
}

const inMemory = (mutation?: Mutation): IndexedStore =>
  new IndexedStore(() => Promise.resolve(createMemoryStorage()), false, mutation);

const expectExact = (mutation: Mutation | undefined, numRuns: number): Promise<void> =>
  fc.assert(
    fc.asyncProperty(anyActions, (actions) => follow(inMemory(mutation), actions)),
    { numRuns, endOnFailure: true },
  );

/** An index that makes its entries in another way. */
const compiled =
  (make: (index: CompiledIndex, path: string, view: RecordView) => EntryValues) =>
  (stored: StoredIndex): CompiledIndex => {
    const index = new CompiledIndex(stored);
    const right = index.valuesOf.bind(index);
    const original = Object.create(index, { valuesOf: { value: right } }) as CompiledIndex;
    return Object.assign(index, {
      valuesOf: (path: string, view: RecordView) => make(original, path, view),
    });
  };

const withKeys = (storage: StoreStorage, keys: Partial<StoreStorage['indexes']['keys']>): StoreStorage => {
  const { indexes } = storage;
  const right = indexes.keys;
  const wrong = {
    has: right.has.bind(right),
    add: right.add.bind(right),
    delete: right.delete.bind(right),
    range: right.range.bind(right),
    count: right.count.bind(right),
    ...keys,
  };
  return {
    ...storage,
    indexes: {
      keys: wrong,
      get definitions() {
        return indexes.definitions;
      },
      define: (definitions) => {
        indexes.define(definitions);
      },
    },
  };
};

class Unnoted extends StoreIndexes {
  override note(): ReturnType<StoreIndexes['note']> {
    return { touched: new Set(), end: () => undefined };
  }
}

class Forgetful extends StoreIndexes {
  override plan(applied: Iterable<OperationChanges>, tree: ReadableTree): EntryChanges | undefined {
    const operations = [...applied] as (OperationChanges & { operation: { clientOpId?: string | null } })[];
    return super.plan(
      operations.filter(({ operation }) => operation.clientOpId?.startsWith('rollback:') !== true),
      tree,
    );
  }
}

const changedEntries =
  (change: (changes: EntryChanges) => EntryChanges): typeof defaultIndexParts.entryChanges =>
  (touched, tree) =>
    change(defaultIndexParts.entryChanges(touched, tree));

const touchedBy =
  (
    pick: (applied: readonly OperationChanges[]) => OperationChanges[],
  ): typeof defaultIndexParts.touchedRecords =>
  (applied, lookup) =>
    defaultIndexParts.touchedRecords(pick([...applied]), lookup);

const NULL = '1\0';

/** Indexes with one thing that is wrong. */
const MUTANTS: readonly (Mutation & { readonly name: string })[] = [
  {
    name: 'leaves entries that are no more',
    storage: (storage) => withKeys(storage, { delete: () => undefined }),
  },
  {
    name: 'has no entry of what was changed',
    parts: {
      entryChanges: changedEntries(({ removed, added }) => ({
        removed,
        added: removed.length > 0 ? [] : added,
      })),
    },
  },
  {
    name: 'keeps the entry of a record that is gone',
    parts: {
      entryChanges: changedEntries(({ removed, added }) => ({
        removed: added.length > 0 ? removed : [],
        added,
      })),
    },
  },
  {
    name: 'sees to the first part of several only',
    parts: {
      compile: (stored) => {
        const index = new CompiledIndex(stored);
        const first = `/${stored.definition.parts[0]?.path ?? ''}`;
        return Object.assign(index, { concerns: (_: string, leaf: string) => leaf.endsWith(first) });
      },
    },
  },
  {
    name: 'puts null in front',
    parts: {
      compile: compiled((index, path, view) => {
        const values = index.valuesOf(path, view);
        return { ...values, key: values.key.replace(`:${NULL}`, `:/\0`) };
      }),
    },
  },
  {
    name: 'takes garbage for null',
    parts: {
      compile: compiled((index, path, view) => {
        const values = index.valuesOf(path, view);
        return { ...values, key: values.key.replaceAll('2\0', NULL) };
      }),
    },
  },
  {
    name: 'knows nothing of what an absent leaf counts as',
    parts: {
      compile: (stored) => {
        const parts = stored.definition.parts.map(({ path, type }) => ({ path, type }));
        const index = new CompiledIndex({ ...stored, definition: { ...stored.definition, parts } });
        return Object.assign(index, { stored });
      },
    },
  },
  {
    name: 'looks into no envelope',
    parts: {
      compile: compiled((index, path, view) =>
        index.valuesOf(path, {
          ...view,
          value: (leaf) => {
            const value: any = view.value(leaf);
            return value?._type === 'json' ? undefined : value;
          },
        }),
      ),
    },
  },
  {
    name: 'looks into an envelope that something else lies below',
    parts: {
      compile: compiled((index, path, view) => index.valuesOf(path, { ...view, hasBelow: () => false })),
    },
  },
  { name: 'knows nothing of a rollback', indexes: (storage, parts) => new Forgetful(storage, parts) },
  {
    name: 'builds over what is written meanwhile',
    indexes: (storage, parts) => new Unnoted(storage, parts),
  },
  {
    name: 'sees only what is done below a record',
    parts: {
      touchedRecords: touchedBy((applied) =>
        applied.filter(({ operation }) => !['p', 'q', 'q/r'].includes(operation.path)),
      ),
    },
  },
  {
    name: 'sees only the first operation of a batch',
    parts: { touchedRecords: touchedBy((applied) => applied.slice(0, 1)) },
  },
  {
    name: 'takes the last operation of a batch for all of them',
    parts: { touchedRecords: touchedBy((applied) => applied.slice(-1)) },
  },
  {
    name: 'takes what lies at the path of a record for a part of it',
    parts: {
      touchedRecords: (applied, lookup) => {
        const all = [...applied];
        const touched = defaultIndexParts.touchedRecords(all, lookup) ?? [];
        for (const { operation, changes } of all) {
          const prefix = lookup.find(operation.path.slice(0, operation.path.lastIndexOf('/')));
          const own = changes.find(({ path }) => path === operation.path);
          if (prefix === undefined || own === undefined) continue;
          touched.push({ prefix, path: operation.path, changes: [own], operations: [0] });
        }
        return touched.length === 0 ? undefined : touched;
      },
    },
  },
];

describe('the entries of indexes', () => {
  it('are those that the leaves give, after every commit, in memory', async () => {
    await expectExact(undefined, 300);
  }, 120_000);

  it('are those that the leaves give, after every commit, restart and failure of the disk, on LMDB', async () => {
    await fc.assert(
      fc.asyncProperty(anyActions, async (actions) => {
        const path = mkdtempSync(join(tmpdir(), 'dust-orm-test-'));
        try {
          await follow(new IndexedStore(() => openLmdbStorage({ path }), true), actions);
        } finally {
          rmSync(path, { recursive: true, force: true });
        }
      }),
      { numRuns: 20 },
    );
  }, 120_000);

  it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))(
    'are not when something %s',
    async (_, mutant) => {
      const failure = await expectExact(mutant, 400).catch((error: unknown) => error);
      expect(String((failure as Error | undefined)?.cause)).toMatch(/found|entry of no index/);
    },
    120_000,
  );
});
