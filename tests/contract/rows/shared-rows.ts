import type { Clock } from '../../../src/clock.js';
import { SharedFolderTransport } from '../../../src/share/index.js';
import { SHARED_STORE, SHARED_TOKEN, SHARED_URL } from '../../../src/share/wire-names.js';
import { SharedByProcesses } from '../../shared-folder/shared-by-processes.js';
import { ChannelClients } from './channel-clients.js';
import { OWN_CHANNEL_CAPABILITIES } from './channel-rows.js';
import type { StoreUnderTest, TransportRow } from './row.js';

/** A folder that four processes share: another one has it, two are members beside this one, where all clients are members. */
export const SHARED_ROWS: readonly TransportRow[] = [
  { name: 'a shared folder', capabilities: OWN_CHANNEL_CAPABILITIES, open: (clock) => shared(clock) },
];

/** The processes that tests/cluster/contract/begin.ts began. */
function programs(): readonly string[] {
  const { DUST_CONTRACT_PROGRAMS: sockets = '[]' } = process.env;
  return JSON.parse(sockets) as readonly string[];
}

async function shared(clock: Clock): Promise<StoreUnderTest> {
  const folder = await SharedByProcesses.open(programs(), { now: clock.now() });
  const { path } = folder;
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
    state: (paths) => folder.state(paths),
    advance: (ms) => folder.advance(ms),
    dispose: () => clients.close().finally(() => folder.close()),
  };
}
