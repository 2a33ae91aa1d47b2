import type { EntityMetadata } from '../metadata/index.js';
import { SharedFolderTransport } from '../share/index.js';
import { EmbeddedTransport } from '../transport/embedded/index.js';
import type { Transport } from '../transport/transport.js';
import { createRemoteTransport } from './create-remote-transport.js';
import { invalidOption } from './errors.js';
import { folderOf } from './folder-of.js';
import { mirroredPrefixes } from './mirrored-prefixes.js';
import type { ResolvedOptions } from './resolve-options.js';

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
  const cluster = options.cluster && { ...options.cluster, name: store };
  if (typeof transport === 'function') return checked(transport({ store, clock, logger, deviceId }));
  if (typeof transport === 'object') return transport;
  if (url === undefined || token === undefined || transport === 'embedded') {
    const path = folderOf(options.path, options, store);
    if (options.share === true && path !== undefined) return sharedFolder(options, path, store, entities);
    return new EmbeddedTransport({ path, takeOver, verify, clock, logger, deviceId, cluster });
  }
  return createRemoteTransport({ ...options, url, token, transport }, store, entities);
}

/** What holds of a server's channel holds of the owner's. */
function sharedFolder(
  options: ResolvedOptions,
  path: string,
  store: string,
  entities: readonly EntityMetadata[],
): Transport {
  const { takeOver, verify, clock, logger, deviceId } = options;
  const { staleAfter, delivery, channel: limits, retry, timeout, requests } = options;
  const folder = folderOf(options.cache?.path, options, store);
  return new SharedFolderTransport({
    path,
    takeOver,
    verify,
    clock,
    logger,
    deviceId,
    staleAfter,
    delivery,
    limits,
    retry,
    timeout,
    requests,
    cache: folder === undefined ? undefined : { path: folder },
    prefixes: mirroredPrefixes(options, store, entities),
  });
}

/** @throws DustError `invalid_options` when a factory made something else */
function checked(made: Transport): Transport {
  const value: unknown = made;
  if (typeof value === 'object' && value !== null && 'capabilities' in value && 'connect' in value) {
    return made;
  }
  throw invalidOption('transport', 'a function that returns a Transport', value);
}
