import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/clock.js';
import type { TransportFactory } from '../../src/index.js';
import { EmbeddedTransport } from '../../src/index.js';
import type { StoreStorage } from '../../src/store/index.js';
import { createMemoryStorage, Store } from '../../src/store/index.js';
import { openLmdbStorage } from '../../src/store/lmdb/index.js';
import type { TransportCapabilities } from '../../src/transport/transport.js';
import { HTTP_CAPABILITIES, likeHttp } from './restricted-transport.js';

/** An open store, and the way to it for any number of clients. */
export interface StoreUnderTest {
  /** A transport of a new client. */
  readonly transport: TransportFactory;
  /** Called when all clients are gone. Leaves nothing behind. */
  dispose(): Promise<void>;
}

/** One transport that the contract is tested on. */
export interface TransportRow {
  readonly name: string;
  /** What it must be able to do; for what it cannot do, it must answer `not_supported`. */
  readonly capabilities: TransportCapabilities;
  /** Opens a store whose leases go by `clock`. It need not be empty. */
  open(clock: Clock): Promise<StoreUnderTest>;
}

const EVERYTHING: TransportCapabilities = {
  realtime: true,
  atomicBatch: true,
  batchIfAbsent: true,
  batchMerge: true,
  merge: true,
  counters: true,
  leases: true,
  files: true,
  localReads: true,
};

export const TRANSPORTS: readonly TransportRow[] = [
  {
    name: 'memory',
    capabilities: EVERYTHING,
    open: (clock) => Promise.resolve(embedded(createMemoryStorage(), clock)),
  },
  {
    name: 'memory, cut down to what HTTP can do',
    capabilities: HTTP_CAPABILITIES,
    open: (clock) => {
      const { transport, dispose } = embedded(createMemoryStorage(), clock);
      return Promise.resolve({
        transport: (options) => likeHttp(transport(options)),
        dispose,
      });
    },
  },
  {
    name: 'LMDB',
    capabilities: EVERYTHING,
    open: async (clock) => {
      const path = await mkdtemp(join(tmpdir(), 'dust-orm-contract-'));
      const remove = (): Promise<void> => rm(path, { recursive: true, force: true });
      try {
        const { transport, dispose } = embedded(await openLmdbStorage({ path }), clock);
        return { transport, dispose: () => dispose().finally(remove) };
      } catch (error) {
        await remove();
        throw error;
      }
    },
  },
];

function embedded(storage: StoreStorage, clock: Clock): StoreUnderTest {
  const store = new Store({ storage, clock });
  return {
    transport: ({ deviceId }) => new EmbeddedTransport({ store, deviceId }),
    dispose: () => store.close(),
  };
}
