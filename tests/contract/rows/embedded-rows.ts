import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../../src/clock.js';
import type { TransportFactory } from '../../../src/index.js';
import { EmbeddedTransport } from '../../../src/index.js';
import type { StoreStorage } from '../../../src/store/index.js';
import { createMemoryStorage, Store } from '../../../src/store/index.js';
import { openLmdbStorage } from '../../../src/store/lmdb/index.js';
import type { TransportCapabilities } from '../../../src/transport/transport.js';
import type { StoreUnderTest, TransportRow } from './row.js';
import { stateOfStore } from './store-state.js';

/** A store in this process can do all there is to do. */
export const EMBEDDED_CAPABILITIES: TransportCapabilities = {
  realtime: true,
  atomicBatch: true,
  batchIfAbsent: true,
  batchMerge: true,
  batchCounters: true,
  batchCheck: true,
  commits: true,
  merge: true,
  counters: true,
  leases: true,
  files: true,
  localReads: true,
  indexes: true,
  uniqueIndexes: true,
  barrier: true,
  log: true,
};

/** Stores in the process of their clients. */
export const EMBEDDED_ROWS: readonly TransportRow[] = [
  {
    name: 'memory',
    capabilities: EMBEDDED_CAPABILITIES,
    open: (clock) => Promise.resolve(embedded(createMemoryStorage(), clock)),
  },
  {
    name: 'LMDB',
    capabilities: EMBEDDED_CAPABILITIES,
    open: async (clock) => {
      const path = await mkdtemp(join(tmpdir(), 'dust-orm-contract-'));
      const remove = (): Promise<void> => rm(path, { recursive: true, force: true });
      try {
        const { dispose, ...open } = embedded(await openLmdbStorage({ path }), clock);
        return { ...open, dispose: () => dispose().finally(remove) };
      } catch (error) {
        await remove();
        throw error;
      }
    },
  },
];

function embedded(storage: StoreStorage, clock: Clock): StoreUnderTest {
  const store = new Store({ storage, clock });
  const transport: TransportFactory = ({ deviceId }) => new EmbeddedTransport({ store, deviceId });
  return {
    transport,
    insider: transport,
    state: stateOfStore(store),
    dispose: () => store.close(),
  };
}
