import { silentLogger } from '../../src/logging.js';
import type { ChannelTransportOptions } from '../../src/transport/channel/index.js';
import { HttpTransport } from '../../src/transport/http/index.js';
import type { HttpTransportOptions } from '../../src/transport/http/index.js';
import { ChannelClients } from './channel-clients.js';
import { CHANNEL_CAPABILITIES } from './channel-rows.js';
import { HTTP_CAPABILITIES } from './http-rows.js';
import type { Need } from './left-out.js';
import { MirrorCopies } from './mirror-copies.js';
import type { RemoteRow, StoreUnderTest, TransportRow } from './row.js';

/** Patient: a whole suite takes more requests than a server allows in a minute. Waits are by the machine's clock. */
const RETRY = { attempts: 20, maxRetryAfter: 600 };

/**
 * As patient over the channel, where a limited write waits in the engine. Others write meanwhile, partly unheard: a hole
 * is filled at once, and a silent server is asked soon where it stands.
 */
const LIMITS = { gapTimeout: 100, idleTimeout: 1000, writeTimeout: 600_000 };

/** A test may have to wait for its turn several times. */
const TIMEOUT = 900_000;

/** A silent server is asked after a second; the rest is for a slow way there. */
const PATIENCE = 30_000;

const LACKS: ReadonlySet<Need> = new Set<Need>(['clock', 'case of slugs']);

/** The store that the environment names, and what a run of the suite has there and here. */
interface Destination extends HttpTransportOptions {
  /** The segment that everything lies below which tests write. */
  readonly root: string;
  /** For files that the whole run shares. */
  readonly folder: string;
}

type Serialization = ChannelTransportOptions['serialization'];

/**
 * The ways to the store that the environment names, on a server that is already running; undefined where it names none,
 * as in a plain run of Jest. `DUST_CONTRACT_ROOT` is set by scripts/test-contract.mjs alone: tests write to somebody's
 * store only when they were told to.
 */
export function remoteRows(env: NodeJS.ProcessEnv = process.env): readonly TransportRow[] | undefined {
  const { DUST_CONTRACT_ROOT: root, DUST_CONTRACT_FOLDER: folder } = env;
  if (root === undefined || folder === undefined) return undefined;
  const { DUST_BASE_URL: url = '', DUST_STORE: store = '', DUST_TOKEN: token = '' } = env;
  const destination = { url, store, token, root, folder, retry: RETRY };
  const remote = { root, timeout: TIMEOUT, lacks: LACKS };
  return [
    {
      name: `HTTP of the server at ${url}`,
      capabilities: HTTP_CAPABILITIES,
      remote,
      open: () => Promise.resolve(overHttp(destination)),
    },
    channelRow(`the JSON channel of the server at ${url}`, 'json', destination, remote),
    channelRow(`the MessagePack channel of the server at ${url}`, 'messagepack', destination, remote),
  ];
}

function channelRow(
  name: string,
  serialization: Serialization,
  destination: Destination,
  remote: RemoteRow,
): TransportRow {
  return {
    name,
    capabilities: CHANNEL_CAPABILITIES,
    remote,
    open: () => overChannel(destination, serialization),
  };
}

/** HTTP cannot write all that a store can hold; the channel beside it can. */
function overHttp(destination: Destination): StoreUnderTest {
  const insiders = new ChannelClients({ ...mirroring(destination), patience: PATIENCE });
  return {
    transport: ({ deviceId, logger }) =>
      new HttpTransport({ ...overPlainHttp(destination), deviceId, logger }),
    insider: insiders.transport,
    state: stateOverHttp(overPlainHttp(destination)),
    dispose: () => insiders.close(),
  };
}

async function overChannel(destination: Destination, serialization: Serialization): Promise<StoreUnderTest> {
  const options = { ...mirroring(destination), serialization };
  const mirrors = await MirrorCopies.open(destination.folder, options);
  const clients = new ChannelClients({ ...options, mirrors, patience: PATIENCE });
  return {
    transport: clients.transport,
    insider: clients.transport,
    state: stateOverHttp(overPlainHttp(destination)),
    dispose: () =>
      clients.close().finally(() => {
        mirrors.close();
      }),
  };
}

/** What of it leads to the server. */
function overPlainHttp({ url, store, token, retry }: Destination): HttpTransportOptions {
  return { url, store, token, retry };
}

/** The store may hold far more than what tests write. */
function mirroring({ url, store, token, retry, root }: Destination): ChannelTransportOptions {
  return { url, store, token, retry, prefixes: [root, `_dust:sf/${root}`], limits: LIMITS };
}

/** Whatever the row, the server itself is asked: a mirror knows some revisions only as bounds (PROTOCOL §5.6). */
function stateOverHttp(options: HttpTransportOptions): StoreUnderTest['state'] {
  return async (paths) => {
    const reader = new HttpTransport({ ...options, logger: silentLogger });
    await reader.connect();
    try {
      return await Promise.all(paths.map((path) => reader.subtree(path)));
    } finally {
      await reader.close();
    }
  };
}
