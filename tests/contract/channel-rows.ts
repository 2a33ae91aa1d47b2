import { randomUUID } from 'node:crypto';
import { filter, firstValueFrom, timeout } from 'rxjs';
import type { Clock } from '../../src/clock.js';
import type { DustServerOptions } from '../../src/server/index.js';
import type { ChannelTransportOptions } from '../../src/transport/channel/index.js';
import { EngineRegistry, createChannelTransport } from '../../src/transport/channel/index.js';
import type { Transport, TransportCapabilities } from '../../src/transport/transport.js';
import type { StoreUnderTest, TransportRow } from './row.js';
import { serveStore } from './served-store.js';
import { announcingWrites } from './announcing-writes.js';

/** A write that another client has not heard of after so many milliseconds is a failure. */
const PATIENCE = 5000;

/** What the channel of a server can do, with HTTP beside it (PROTOCOL §3, §4). */
export const CHANNEL_CAPABILITIES: TransportCapabilities = {
  realtime: true,
  atomicBatch: true,
  batchIfAbsent: false,
  batchMerge: false,
  merge: true,
  counters: true,
  leases: true,
  files: true,
  localReads: true,
};

/** Servers in this process, spoken to over loopback in both serialisations, each client with an engine of its own. */
export const CHANNEL_ROWS: readonly TransportRow[] = [
  channelRow('channel (JSON)', 'json', {}),
  channelRow('channel (MessagePack)', 'messagepack', {}),
  channelRow('channel (JSON), imitating 0.1', 'json', { imitate: '0.1' }),
];

function channelRow(
  name: string,
  serialization: ChannelTransportOptions['serialization'],
  serverOptions: Pick<DustServerOptions, 'imitate'>,
): TransportRow {
  return {
    name,
    capabilities: CHANNEL_CAPABILITIES,
    open: (clock) => served(clock, serialization, serverOptions),
  };
}

async function served(
  clock: Clock,
  serialization: ChannelTransportOptions['serialization'],
  serverOptions: Pick<DustServerOptions, 'imitate'>,
): Promise<StoreUnderTest> {
  const { store, destination, close } = await serveStore(clock, serverOptions);
  const engines = new EngineRegistry();
  const clients = new Set<Transport>();
  /** Other clients hear of a write a moment later; tests of what they see then wait for that moment here. */
  const settled = async (): Promise<void> => {
    const { storeSeq } = store.status();
    const heard = [...clients].map(({ status$ }) =>
      firstValueFrom(
        status$.pipe(
          filter((status) => status.state !== 'live' || status.storeSeq >= storeSeq),
          timeout(PATIENCE),
        ),
      ),
    );
    await Promise.all(heard);
  };
  return {
    store,
    settled,
    transport: ({ deviceId = randomUUID(), logger }) => {
      const limits = { gapTimeout: 20 };
      const client = createChannelTransport(
        { ...destination, deviceId, logger, serialization, limits },
        engines,
      );
      clients.add(client);
      client.status$.subscribe({ complete: () => clients.delete(client) });
      return announcingWrites(client, settled);
    },
    dispose: close,
  };
}
