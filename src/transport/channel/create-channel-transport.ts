import { systemClock } from '../../clock.js';
import { consoleLogger } from '../../logging.js';
import { HttpTransport, checkHttpOptions } from '../http/index.js';
import { ChannelTransport } from './channel-transport.js';
import type { EngineRegistry } from './engine-registry.js';
import { engineKey, openEngine } from './open-engine.js';
import type { ChannelTransportOptions } from './options.js';
import { checkSocketUrl } from './socket-url.js';

const STALE_AFTER = 30_000;

/**
 * A transport over the channel of the server that `options` lead to. Its engine is one of `engines`, opened when it
 * connects and none of those that run will do. Sends nothing before `connect`.
 *
 * @throws DustError `invalid_options` saying what to write
 */
export function createChannelTransport(
  options: ChannelTransportOptions,
  engines: EngineRegistry,
): ChannelTransport {
  checkHttpOptions(options);
  if (options.socketUrl !== undefined) checkSocketUrl(options.socketUrl);
  const { store, prefixes, staleAfter = STALE_AFTER } = options;
  const { clock = systemClock, logger = consoleLogger } = options;
  return new ChannelTransport({
    http: new HttpTransport(options),
    acquire: () => engines.acquire({ key: engineKey(options), prefixes, open: () => openEngine(options) }),
    settings: { store, clock, logger, staleAfter },
  });
}
