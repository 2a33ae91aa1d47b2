import { join } from 'node:path';
import { EmbeddedTransport } from '../transport/embedded/index.js';
import { HttpTransport } from '../transport/http/index.js';
import type { Transport } from '../transport/transport.js';
import { invalidOption } from './errors.js';
import type { ResolvedOptions } from './resolve-options.js';

/** Makes the transport to one store (DESIGN §3 "Transport choice"): an explicit instance or factory wins. */
export function createTransport(options: ResolvedOptions, store: string): Transport {
  const { transport = 'auto', url, token, clock, logger, deviceId, takeOver } = options;
  if (typeof transport === 'function') return checked(transport({ store, clock, logger, deviceId }));
  if (typeof transport === 'object') return transport;
  if (url !== undefined && token !== undefined) {
    const { retry, timeout } = options;
    return new HttpTransport({ url, token, store, retry, timeout, clock, logger, deviceId });
  }
  return new EmbeddedTransport({ path: folderOf(options, store), takeOver, clock, logger, deviceId });
}

/** @throws DustError `invalid_options` when a factory made something else */
function checked(made: Transport): Transport {
  const value: unknown = made;
  if (typeof value === 'object' && value !== null && 'capabilities' in value && 'connect' in value) {
    return made;
  }
  throw invalidOption('transport', 'a function that returns a Transport', value);
}

/** The data source's own store lies in `path` itself, those of entities with a store of their own in folders below it. */
function folderOf({ path, store: own }: ResolvedOptions, store: string): string | undefined {
  if (path === undefined || store === own) return path;
  return join(path, 'stores', ...store.split('/').map(encodeURIComponent));
}
