import { systemClock } from '../../../../../src/clock.js';
import { isDustError } from '../../../../../src/errors.js';
import type { IndexDefinition } from '../../../../../src/protocol/values/record-access.js';
import { ChangeHub } from '../../../../../src/store/commit/change-hub.js';
import { Committer } from '../../../../../src/store/commit/committer.js';
import { rollbackCommands } from '../../../../../src/store/history/rollback.js';
import { IndexUses } from '../../../../../src/store/indexes/build/index-uses.js';
import type { IndexUse } from '../../../../../src/store/indexes/build/index-uses.js';
import { StoreRecords } from '../../../../../src/store/indexes/records/store-records.js';
import type { IndexParts } from '../../../../../src/store/indexes/store-indexes.js';
import { StoreIndexes, defaultIndexParts } from '../../../../../src/store/indexes/store-indexes.js';
import { batchCommands } from '../../../../../src/store/operations/commands.js';
import type { StoreStorage, WriteOperation } from '../../../../../src/store/index.js';
import { checkIndexes } from './check-indexes.js';

export type Action =
  | { readonly do: 'write'; readonly operations: readonly WriteOperation[] }
  | { readonly do: 'use'; readonly prefix: string; readonly definitions: readonly IndexDefinition[] }
  /** The same, with writes while they are built. */
  | {
      readonly do: 'useMeanwhile';
      readonly prefix: string;
      readonly definitions: readonly IndexDefinition[];
      readonly operations: readonly WriteOperation[];
      /** How many microtasks pass before the writes. */
      readonly wait: number;
    }
  | { readonly do: 'rollback'; readonly back: number; readonly path: string | undefined }
  /** A write in a group that the medium undoes, where there are groups. */
  | { readonly do: 'abort'; readonly operations: readonly WriteOperation[] }
  | { readonly do: 'reopen' };

/** Parts of the indexes to replace, and the storage as they see it. */
export interface Mutation {
  readonly parts?: Partial<IndexParts>;
  readonly storage?: (storage: StoreStorage) => StoreStorage;
  readonly indexes?: (storage: StoreStorage, parts: IndexParts) => StoreIndexes;
}

/** A store made of the parts that the store is made of, with some of them replaced. */
export class IndexedStore {
  readonly #open: () => Promise<StoreStorage>;
  readonly #isDurable: boolean;
  readonly #mutation: Mutation;
  readonly #used = new Map<string, IndexUse>();
  #storage!: StoreStorage;
  #indexes!: StoreIndexes;
  #uses!: IndexUses;
  #committer!: Committer;

  constructor(open: () => Promise<StoreStorage>, isDurable: boolean, mutation: Mutation = {}) {
    this.#open = open;
    this.#isDurable = isDurable;
    this.#mutation = mutation;
  }

  async open(): Promise<void> {
    const { storage: wrap, indexes, parts } = this.#mutation;
    const opened = await this.#open();
    this.#storage = wrap?.(opened) ?? opened;
    const all = { ...defaultIndexParts, ...parts };
    this.#indexes = indexes?.(this.#storage, all) ?? new StoreIndexes(this.#storage, all);
    this.#uses = new IndexUses(this.#indexes, true);
    const hub = new ChangeHub(() => undefined);
    const log = { keep: 1000, limit: 5000 };
    this.#committer = new Committer({
      storage: this.#storage,
      hub,
      clock: systemClock,
      log,
      indexes: this.#indexes,
    });
  }

  async close(): Promise<void> {
    await this.#uses.close();
    await this.#committer.settled();
    await this.#storage.close();
  }

  async take(action: Action): Promise<void> {
    switch (action.do) {
      case 'write':
        return this.#write(action.operations);
      case 'use':
        return this.#use(action.prefix, action.definitions);
      case 'useMeanwhile': {
        const use = this.#use(action.prefix, action.definitions);
        // In memory a build reads in the microtasks that follow, and writes a turn later.
        for (let i = 0; i < action.wait; i++) await Promise.resolve();
        for (const operation of action.operations) await this.#write([operation]);
        return use;
      }
      case 'rollback': {
        const { storeSeq } = this.#storage.readCounters();
        const request = { toSeq: Math.max(0, storeSeq - action.back), path: action.path };
        await this.#committer.commitMade({}, () => rollbackCommands(this.#storage, request));
        return;
      }
      case 'abort': {
        if (!this.#isDurable) return;
        const write = this.#write(action.operations).catch(() => undefined);
        const fault = this.#storage
          .commit(() => {
            this.#storage.writeCounters(this.#storage.readCounters());
            throw new Error('the medium fails');
          })
          .catch(() => undefined);
        await Promise.all([write, fault]);
        return;
      }
      case 'reopen':
        if (!this.#isDurable) return;
        await this.close();
        this.#used.clear();
        await this.open();
    }
  }

  /** @throws where an index says something else than all leaves together */
  check(): void {
    checkIndexes(this.#storage, (prefix) => this.records(prefix));
  }

  records(prefix: string): StoreRecords {
    return new StoreRecords({
      prefix,
      indexes: this.#indexes,
      tree: () => this.#storage.leaves,
      moment: () => this.#storage.readCounters().storeSeq,
    });
  }

  async #write(operations: readonly WriteOperation[]): Promise<void> {
    try {
      await this.#committer.commitBatch({}, batchCommands({ operations: [...operations] }));
    } catch (error) {
      if (!isDustError(error)) throw error;
    }
  }

  async #use(prefix: string, definitions: readonly IndexDefinition[]): Promise<void> {
    const before = this.#used.get(prefix);
    before?.release();
    this.#used.delete(prefix);
    this.#used.set(prefix, await this.#uses.use(prefix, definitions));
  }
}
