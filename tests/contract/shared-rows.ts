import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/clock.js';
import { silentLogger } from '../../src/logging.js';
import { FolderShare } from '../../src/share/folder-share.js';
import { SharedFolderTransport } from '../../src/share/index.js';
import { SHARED_STORE, SHARED_TOKEN, SHARED_URL } from '../../src/share/wire-names.js';
import { HttpTransport, createHttpClient } from '../../src/transport/http/index.js';
import { ChannelClients } from './channel-clients.js';
import { OWN_CHANNEL_CAPABILITIES } from './channel-rows.js';
import type { StoreUnderTest, TransportRow } from './row.js';

/** A folder that the clients share; none of them is the one that has it. */
export const SHARED_ROWS: readonly TransportRow[] = [
  { name: 'a shared folder', capabilities: OWN_CHANNEL_CAPABILITIES, open: (clock) => shared(clock) },
];

async function shared(clock: Clock): Promise<StoreUnderTest> {
  const path = await mkdtemp(join(tmpdir(), 'dust-orm-contract-'));
  const owner = new FolderShare({ path, clock, logger: silentLogger, random: Math.random });
  const close = (): Promise<void> => owner.close().finally(() => rm(path, { recursive: true, force: true }));
  try {
    await owner.open();
  } catch (error) {
    await close();
    throw error;
  }
  const destination = { url: SHARED_URL, store: SHARED_STORE, token: SHARED_TOKEN };
  const clients = new ChannelClients({
    ...destination,
    patience: 5000,
    make: ({ deviceId, logger }) =>
      new SharedFolderTransport({ path, deviceId, logger, limits: { gapTimeout: 20 } }),
  });
  return {
    transport: clients.transport,
    insider: clients.transport,
    state: async (paths) => {
      const options = { ...destination, logger: silentLogger };
      const reader = new HttpTransport(options, createHttpClient(options, owner.dial));
      await reader.connect();
      try {
        return await Promise.all(paths.map((each) => reader.subtree(each)));
      } finally {
        await reader.close();
      }
    },
    dispose: () => clients.close().finally(close),
  };
}
