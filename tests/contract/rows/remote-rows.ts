import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { silentLogger } from '../../../src/logging.js';
import { featuresIn } from '../../../src/protocol/wire/features.js';
import type { ChannelTransportOptions } from '../../../src/transport/channel/index.js';
import { HttpTransport } from '../../../src/transport/http/index.js';
import type { HttpTransportOptions } from '../../../src/transport/http/index.js';
import type { TransportCapabilities } from '../../../src/transport/transport.js';
import { withFeatures } from './announced.js';
import { ChannelClients } from './channel-clients.js';
import { CHANNEL_CAPABILITIES } from './channel-rows.js';
import { HTTP_CAPABILITIES } from './http-rows.js';
import type { Need } from './left-out.js';
import { MirrorCopies } from './mirror-copies.js';
import type { StoreUnderTest, TransportRow } from './row.js';

/** A test may have to wait for its turn several times. */
const TIMEOUT = 900_000;

/** A quiet server is asked where it stands after half a minute; the rest is for a slow way there. */
const PATIENCE = 60_000;

/** A row as scripts/test-contract.mjs plans it. */
interface PlannedRow {
  readonly way: 'http' | 'json' | 'messagepack';
  readonly name: string;
  readonly store: string;
  /** The segment that everything lies below which tests write. */
  readonly root: string;
  /** What the server announced. */
  readonly features: readonly string[];
  /** How many files tests may store. */
  readonly files: 'many' | 'one' | 'none';
}

/** A row, and what leads there. */
interface Destination extends PlannedRow {
  readonly http: HttpTransportOptions;
  /** For files that the whole run shares. */
  readonly folder: string;
}

/**
 * The ways to the stores that the environment names, on a server that is already running; undefined where it names none,
 * as in a plain run of Jest. `DUST_CONTRACT_ROWS` is set by scripts/test-contract.mjs alone: tests write to somebody's
 * store only when they were told to.
 */
export function remoteRows(env: NodeJS.ProcessEnv = process.env): readonly TransportRow[] | undefined {
  const { DUST_CONTRACT_ROWS: plan, DUST_CONTRACT_FOLDER: folder } = env;
  if (plan === undefined || folder === undefined) return undefined;
  const { DUST_BASE_URL: url = '', DUST_TOKEN: token = '' } = env;
  return (JSON.parse(plan) as readonly PlannedRow[]).map((row) =>
    // Beyond the limit of a token, requests over HTTP wait only where `retry` is given. All else is as it is by default.
    remoteRow({ ...row, folder, http: { url, token, store: row.store, retry: {} } }),
  );
}

function remoteRow(destination: Destination): TransportRow {
  const { way, name, root } = destination;
  return {
    name,
    capabilities: capabilitiesOf(destination),
    remote: { root, timeout: TIMEOUT, lacks: lackedBy(destination) },
    open: () => (way === 'http' ? Promise.resolve(overHttp(destination)) : overChannel(destination, way)),
  };
}

function capabilitiesOf({ way, features }: PlannedRow): TransportCapabilities {
  const base = way === 'http' ? HTTP_CAPABILITIES : CHANNEL_CAPABILITIES;
  return withFeatures(base, [...featuresIn(features)]);
}

/** A server that announces something is none of version 0.1. */
function lackedBy({ features, files }: PlannedRow): ReadonlySet<Need> {
  const lacks = new Set<Need>(['clock']);
  if (features.length === 0) lacks.add('case of slugs').add('large batches');
  if (files !== 'many') lacks.add('more files');
  if (files === 'none') lacks.add('a file');
  return lacks;
}

/** HTTP cannot write all that a store can hold; the channel beside it can. */
function overHttp(destination: Destination): StoreUnderTest {
  const insiders = new ChannelClients({ ...leadingTo(destination), patience: PATIENCE });
  return {
    transport: ({ deviceId, logger }) => new HttpTransport({ ...destination.http, deviceId, logger }),
    insider: insiders.transport,
    state: stateOverHttp(destination.http),
    dispose: () => insiders.close(),
  };
}

async function overChannel(
  destination: Destination,
  serialization: 'json' | 'messagepack',
): Promise<StoreUnderTest> {
  const options = { ...leadingTo(destination), serialization };
  const mirrors = await MirrorCopies.open(folderOf(destination), options);
  const clients = new ChannelClients({ ...options, mirrors, patience: PATIENCE });
  return {
    transport: clients.transport,
    insider: clients.transport,
    state: stateOverHttp(destination.http),
    dispose: () =>
      clients.close().finally(() => {
        mirrors.close();
      }),
  };
}

/** A mirror is of one store and of what lies below one segment. */
function folderOf({ folder, way }: Destination): string {
  const own = join(folder, way);
  mkdirSync(own, { recursive: true });
  return own;
}

/** The store may hold far more than what tests write. */
function leadingTo({ http, root }: Destination): ChannelTransportOptions {
  return { ...http, prefixes: [root, `_dust:sf/${root}`] };
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
