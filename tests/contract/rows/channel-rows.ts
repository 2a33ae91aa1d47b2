import type { Clock } from '../../../src/clock.js';
import { EmbeddedTransport } from '../../../src/index.js';
import type { DustServerOptions, ImitatedFault } from '../../../src/server/index.js';
import { FAULTS_OF_VERSION } from '../../../src/server/imitation/faults.js';
import type { ChannelTransportOptions } from '../../../src/transport/channel/index.js';
import type { TransportCapabilities } from '../../../src/transport/transport.js';
import { ChannelClients } from './channel-clients.js';
import type { StoreUnderTest, TransportRow } from './row.js';
import { serveStore } from './served-store.js';
import { stateOfStore } from './store-state.js';

/** What the channel of a server of version 0.1 can do, with HTTP beside it (PROTOCOL §3, §4). */
export const CHANNEL_CAPABILITIES: TransportCapabilities = {
  realtime: true,
  atomicBatch: true,
  batchIfAbsent: false,
  batchMerge: false,
  batchCounters: false,
  batchCheck: false,
  commits: false,
  merge: true,
  counters: true,
  leases: true,
  files: true,
  localReads: true,
  indexes: true,
  log: true,
};

/** What is stated of files takes more than one of them; and writes that are late by name wait for the clock (PROTOCOL §8). */
const LEFT_OUT: readonly ImitatedFault[] = ['second-file-crash', 'late-writer'];
const IMITATED = FAULTS_OF_VERSION.filter((fault) => !LEFT_OUT.includes(fault));

/** What our own server announces beyond that. */
export const OWN_CHANNEL_CAPABILITIES: TransportCapabilities = {
  ...CHANNEL_CAPABILITIES,
  batchIfAbsent: true,
  batchMerge: true,
  batchCounters: true,
  batchCheck: true,
  commits: true,
  uniqueIndexes: true,
  barrier: true,
};

/** Servers in this process, spoken to over loopback in both serialisations, each client with an engine of its own. */
export const CHANNEL_ROWS: readonly TransportRow[] = [
  channelRow('channel (JSON)', 'json', {}),
  channelRow('channel (MessagePack)', 'messagepack', {}),
  channelRow('channel (JSON), imitating 0.1', 'json', { imitate: IMITATED }),
];

function channelRow(
  name: string,
  serialization: ChannelTransportOptions['serialization'],
  serverOptions: Pick<DustServerOptions, 'imitate'>,
): TransportRow {
  return {
    name,
    capabilities: serverOptions.imitate === undefined ? OWN_CHANNEL_CAPABILITIES : CHANNEL_CAPABILITIES,
    open: (clock) => served(clock, serialization, serverOptions),
  };
}

async function served(
  clock: Clock,
  serialization: ChannelTransportOptions['serialization'],
  serverOptions: Pick<DustServerOptions, 'imitate'>,
): Promise<StoreUnderTest> {
  const { store, destination, close } = await serveStore(clock, serverOptions);
  const limits = { gapTimeout: 20 };
  const clients = new ChannelClients({ ...destination, serialization, limits, patience: 30_000 });
  return {
    transport: clients.transport,
    insider: ({ deviceId }) => clients.announcing(new EmbeddedTransport({ store, deviceId })),
    state: stateOfStore(store),
    dispose: () => clients.close().finally(close),
  };
}
