import type { Load } from '../scratch.js';
import type { OpenLiveRival } from './rival.js';
import { turn } from './rival.js';

interface Store {
  setRow(table: string, id: string, row: object): void;
  setCell(table: string, id: string, cell: string, value: string): void;
  transaction(work: () => void): void;
}

interface Definition {
  readonly select: (cell: string) => void;
  readonly where: (cell: string, value: string) => void;
}

interface Queries {
  setQueryDefinition(id: string, table: string, define: (definition: Definition) => void): void;
  delQueryDefinition(id: string): void;
  addResultTableListener(id: string, listener: () => void): string;
  getResultRowIds(id: string): readonly string[];
  delListener(id: string): void;
}

interface Indexes {
  setIndexDefinition(id: string, table: string, cell: string): void;
  getSliceRowIds(id: string, slice: string): readonly string[];
  addSliceRowIdsListener(id: string, slice: string, listener: () => void): string;
  delListener(id: string): void;
}

interface TinyBase {
  createStore(): Store;
  createQueries(store: Store): Queries;
  createIndexes(store: Store): Indexes;
}

const TABLE = 'items';

/** TinyBase, by queries or by an index, whose listeners are told of ids alone. */
export const tinyBase =
  (load: Load, isIndexed: boolean): OpenLiveRival =>
  () => {
    const { createStore, createQueries, createIndexes } = load('tinybase') as TinyBase;
    const store = createStore();
    const indexes = createIndexes(store);
    const queries = createQueries(store);
    if (isIndexed) indexes.setIndexDefinition('customer', TABLE, 'customer');
    let made = 0;
    const byQuery = (customer: string) => {
      const id = `q${made++}`;
      queries.setQueryDefinition(id, TABLE, ({ select, where }) => {
        select('title');
        select('customer');
        where('customer', customer);
      });
      const listener = queries.addResultTableListener(id, () => undefined);
      return {
        length: queries.getResultRowIds(id).length,
        stop: () => {
          queries.delListener(listener);
          queries.delQueryDefinition(id);
        },
      };
    };
    const byIndex = (customer: string) => {
      const listener = indexes.addSliceRowIdsListener('customer', customer, () => undefined);
      return {
        length: indexes.getSliceRowIds('customer', customer).length,
        stop: () => {
          indexes.delListener(listener);
        },
      };
    };
    return Promise.resolve({
      name: isIndexed ? 'TinyBase, indexed' : 'TinyBase',
      insertMany: (records) => {
        store.transaction(() => {
          for (const { id, ...row } of records) store.setRow(TABLE, id, row);
        });
        return Promise.resolve();
      },
      rename: async (id, title) => {
        store.setCell(TABLE, id, 'title', title);
        await turn();
      },
      watch: (customer) => Promise.resolve(isIndexed ? byIndex(customer) : byQuery(customer)),
      close: () => Promise.resolve(),
    });
  };
