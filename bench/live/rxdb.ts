import type { Load } from '../scratch.js';
import type { LiveRecord, OpenLiveRival } from './rival.js';
import { turn } from './rival.js';

interface Document {
  incrementalPatch(changes: Partial<LiveRecord>): Promise<unknown>;
}

interface Collection {
  bulkInsert(records: readonly LiveRecord[]): Promise<{ readonly error: readonly unknown[] }>;
  findOne(id: string): { exec(): Promise<Document | null> };
  find(query: { readonly selector: Partial<LiveRecord> }): {
    readonly $: {
      subscribe(next: (list: readonly unknown[]) => void): { unsubscribe(): void };
    };
  };
}

interface Database {
  addCollections(collections: object): Promise<{ readonly items: Collection }>;
  close(): Promise<unknown>;
}

interface RxDb {
  createRxDatabase(options: object): Promise<Database>;
}

const SCHEMA = {
  version: 0,
  primaryKey: 'id',
  type: 'object',
  properties: {
    id: { type: 'string', maxLength: 40 },
    title: { type: 'string' },
    customer: { type: 'string', maxLength: 40 },
  },
  required: ['id', 'title', 'customer'],
  indexes: ['customer'],
};

let opened = 0;

/** RxDB, on its storage in memory. */
export const rxDb =
  (load: Load): OpenLiveRival =>
  async () => {
    const { createRxDatabase } = load('rxdb') as RxDb;
    const { getRxStorageMemory } = load('rxdb/plugins/storage-memory') as { getRxStorageMemory(): unknown };
    const database = await createRxDatabase({
      name: `live${opened++}`,
      storage: getRxStorageMemory(),
      multiInstance: false,
    });
    const { items } = await database.addCollections({ items: { schema: SCHEMA } });
    return {
      name: 'RxDB',
      insertMany: async (records) => {
        const { error } = await items.bulkInsert(records);
        if (error.length > 0) throw new Error(`RxDB refused ${error.length} records`);
      },
      rename: async (id, title) => {
        const document = await items.findOne(id).exec();
        await document!.incrementalPatch({ title });
        await turn();
      },
      watch: (customer) =>
        new Promise((resolve) => {
          const subscription = items.find({ selector: { customer } }).$.subscribe(({ length }) => {
            resolve({
              length,
              stop: () => {
                subscription.unsubscribe();
              },
            });
          });
        }),
      close: async () => {
        await database.close();
      },
    };
  };
