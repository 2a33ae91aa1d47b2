import type { Clock } from '../clock.js';
import type { Logger } from '../logging.js';
import type { EntityMetadata } from '../metadata/index.js';
import type { TokenSource } from '../token/index.js';
import { createChannelTransport, createSharedTransport } from '../transport/channel/index.js';
import { HttpTransport } from '../transport/http/index.js';
import type { Transport } from '../transport/transport.js';
import type { DataSourceOptions } from './data-source-options.js';
import { folderOf } from './folder-of.js';
import { mirroredPrefixes } from './mirrored-prefixes.js';
import { sharedEngines } from './shared-engines.js';

type Settings =
  | 'realtime'
  | 'socketUrl'
  | 'mirror'
  | 'cache'
  | 'staleAfter'
  | 'delivery'
  | 'channel'
  | 'retry'
  | 'timeout'
  | 'requests';

/** What of a data source's options leads to a server, with what must be known of it. */
export interface RemoteOptions extends Pick<DataSourceOptions, Settings> {
  readonly url: string;
  readonly token: TokenSource;
  /** The data source's own store. */
  readonly store: string;
  readonly transport: 'auto' | 'http' | 'channel';
  readonly clock: Clock;
  readonly logger: Logger;
  readonly deviceId?: string | undefined;
}

/**
 * Makes the transport to one store on a server.
 *
 * @param entities all of the data source's, for what is to be mirrored
 */
export function createRemoteTransport(
  options: RemoteOptions,
  store: string,
  entities: readonly EntityMetadata[],
): Transport {
  const { transport, url, token, clock, logger, deviceId } = options;
  const { retry, timeout, requests, realtime = true } = options;
  const remote = { url, token, store, retry, timeout, requests, clock, logger, deviceId };
  if (transport === 'http' || (transport === 'auto' && !realtime)) return new HttpTransport(remote);
  const { socketUrl, staleAfter, delivery, channel: limits } = options;
  const path = folderOf(options.cache?.path, options, store);
  const cache = path === undefined ? undefined : { path };
  const prefixes = mirroredPrefixes(options, store, entities);
  const isShared = realtime === 'shared' && transport === 'auto';
  const create = isShared ? createSharedTransport : createChannelTransport;
  return create({ ...remote, socketUrl, staleAfter, delivery, limits, cache, prefixes }, sharedEngines);
}
