import type { OptionNames } from '../../options/index.js';
import { checkOptionNames } from '../../options/index.js';
import { httpBeside } from './http-beside.js';
import { systemClock } from '../../clock.js';
import { consoleLogger } from '../../logging.js';
import type { ServerWay } from '../dialing-agent.js';
import type { HttpClient } from '../http/index.js';
import { HTTP_OPTIONS, checkHttpOptions } from '../http/index.js';
import { checkChannelLimits } from './check-limits.js';
import { ChannelTransport } from './channel-transport.js';
import type { EngineLease } from './engine.js';
import type { StoreFile } from './file-beside.js';
import type { EngineRegistry } from './engine-registry.js';
import { engineKey, openEngine, storeKey } from './open-engine.js';
import type { ChannelTransportOptions } from './options.js';
import { SharedTransport } from './shared-transport.js';
import { checkSocketUrl } from './socket-url.js';

/** A way to a server that is in no place of its own. */
export interface ChannelWay extends ServerWay<HttpClient> {
  /** Stores files, which the messages of a channel hold up to a length. */
  readonly storeFile?: StoreFile | undefined;
}

const OPTIONS: OptionNames<ChannelTransportOptions> = {
  ...HTTP_OPTIONS,
  socketUrl: true,
  serialization: true,
  prefixes: true,
  cache: true,
  staleAfter: true,
  delivery: true,
  limits: true,
};

const STALE_AFTER = 30_000;

/**
 * A transport over the channel of the server that `options` lead to. Its engine is one of `engines`, opened when it
 * connects and none of those that run will do. Sends nothing before `connect`.
 *
 * @param way how the server is reached, for socket and requests alike, where its url does not say it, and how files are stored there
 * @throws DustError `invalid_options` saying what to write
 */
export function createChannelTransport(
  options: ChannelTransportOptions,
  engines: EngineRegistry,
  way?: ChannelWay,
): ChannelTransport {
  checkOptions(options);
  const { prefixes } = options;
  const request = { key: engineKey(options), store: storeKey(options), prefixes };
  return transportOver(
    options,
    () => engines.acquire({ ...request, open: () => openEngine(options, way) }),
    way,
  );
}

/**
 * A transport over HTTP that goes over the channel from the moment when somebody else's engine for the store is among
 * `engines`. What concerns an engine alone, such as `cache`, is as that engine has it.
 *
 * @throws DustError `invalid_options` saying what to write
 */
export function createSharedTransport(
  options: ChannelTransportOptions,
  engines: EngineRegistry,
): SharedTransport {
  checkOptions(options);
  const { store, prefixes, clock = systemClock, logger = consoleLogger } = options;
  const wish = { store: storeKey(options), prefixes };
  return new SharedTransport({
    http: httpBeside(options),
    join: async (signal) => {
      const lease = await engines.join(wish, signal);
      return lease === undefined ? undefined : transportOver(options, () => Promise.resolve(lease));
    },
    clock,
    logger,
    store,
  });
}

function checkOptions(options: ChannelTransportOptions): void {
  checkOptionNames('the channel transport', options, OPTIONS);
  checkHttpOptions(options);
  if (options.socketUrl !== undefined) checkSocketUrl(options.socketUrl);
  if (options.limits !== undefined) checkChannelLimits('limits', options.limits);
}

function transportOver(
  options: ChannelTransportOptions,
  acquire: () => Promise<EngineLease>,
  way?: ChannelWay,
): ChannelTransport {
  const { store, staleAfter = STALE_AFTER, clock = systemClock, logger = consoleLogger, limits } = options;
  return new ChannelTransport({
    http: httpBeside(options, way),
    acquire,
    settings: { store, clock, logger, staleAfter },
    storeFile: way?.storeFile,
    limits,
  });
}
