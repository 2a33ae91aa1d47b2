import type { EntityMetadata } from '../metadata/index.js';
import { createChannelTransport, createSharedTransport } from '../transport/channel/index.js';
import { EmbeddedTransport } from '../transport/embedded/index.js';
import { HttpTransport } from '../transport/http/index.js';
import type { Transport } from '../transport/transport.js';
import { invalidOption } from './errors.js';
import { folderOf } from './folder-of.js';
import { mirroredPrefixes } from './mirrored-prefixes.js';
import type { ResolvedOptions } from './resolve-options.js';
import { sharedEngines } from './shared-engines.js';

/**
 * Makes the transport to one store (DESIGN §3 "Transport choice"): an explicit instance or factory wins.
 *
 * @param entities all of the data source's, for what is to be mirrored
 */
export function createTransport(
  options: ResolvedOptions,
  store: string,
  entities: readonly EntityMetadata[],
): Transport {
  const { transport = 'auto', url, token, clock, logger, deviceId, takeOver, verify } = options;
  if (typeof transport === 'function') return checked(transport({ store, clock, logger, deviceId }));
  if (typeof transport === 'object') return transport;
  if (url === undefined || token === undefined) {
    const path = folderOf(options.path, options, store);
    return new EmbeddedTransport({ path, takeOver, verify, clock, logger, deviceId });
  }
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

/** @throws DustError `invalid_options` when a factory made something else */
function checked(made: Transport): Transport {
  const value: unknown = made;
  if (typeof value === 'object' && value !== null && 'capabilities' in value && 'connect' in value) {
    return made;
  }
  throw invalidOption('transport', 'a function that returns a Transport', value);
}
