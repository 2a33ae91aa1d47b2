import type { Clock } from '../../../src/clock.js';
import { EmbeddedTransport } from '../../../src/index.js';
import type { DustServerOptions } from '../../../src/server/index.js';
import type { HttpTransportOptions } from '../../../src/transport/http/index.js';
import { HttpTransport } from '../../../src/transport/http/index.js';
import type { TransportCapabilities } from '../../../src/transport/transport.js';
import type { StoreUnderTest, TransportRow } from './row.js';
import { serveStore } from './served-store.js';
import { stateOfStore } from './store-state.js';

/** What the HTTP interface of a server can do (PROTOCOL §3). */
export const HTTP_CAPABILITIES: TransportCapabilities = {
  realtime: false,
  atomicBatch: true,
  batchIfAbsent: false,
  batchMerge: false,
  batchCounters: false,
  batchCheck: false,
  commits: false,
  merge: false,
  counters: false,
  leases: false,
  files: false,
  localReads: false,
  log: true,
};

/** The same with what a server announces beyond version 0.1. */
export const HTTP_FEATURES: TransportCapabilities = {
  ...HTTP_CAPABILITIES,
  batchIfAbsent: true,
  batchMerge: true,
  batchCounters: true,
  batchCheck: true,
  subtrees: true,
  uniqueIndexes: true,
  barrier: true,
};

/** Servers in this process, spoken to over loopback: one without retries, one with, and with the merging of writes. */
export const HTTP_ROWS: readonly TransportRow[] = [
  {
    name: 'HTTP',
    capabilities: HTTP_FEATURES,
    open: (clock) => served(clock, {}, {}),
  },
  {
    name: 'HTTP, imitating 0.1',
    capabilities: HTTP_CAPABILITIES,
    open: (clock) => served(clock, { imitate: '0.1' }, { retry: {} }),
  },
];

async function served(
  clock: Clock,
  serverOptions: Pick<DustServerOptions, 'imitate'>,
  clientOptions: Pick<HttpTransportOptions, 'retry'>,
): Promise<StoreUnderTest> {
  const { store, destination, close } = await serveStore(clock, serverOptions);
  return {
    transport: ({ deviceId, logger }) =>
      new HttpTransport({ ...clientOptions, ...destination, deviceId, logger }),
    insider: ({ deviceId }) => new EmbeddedTransport({ store, deviceId }),
    state: stateOfStore(store),
    dispose: close,
  };
}
