import { httpBeside } from './http-beside.js';
import { randomUUID } from 'node:crypto';
import { systemClock } from '../../clock.js';
import { consoleLogger } from '../../logging.js';
import { jsonCodec, messagePackCodec } from '../../protocol/wire/frame-codec.js';
import { SyncEngine, inboxOf, openMirrorStorage, resolveLimits } from '../../sync/index.js';
import type { SocketProxy } from '../../sync/phoenix/index.js';
import { PhoenixLinker } from '../../sync/phoenix/index.js';
import type { TokenSource } from '../../token/index.js';
import type { ServerWay } from '../dialing-agent.js';
import { DialingAgent } from '../dialing-agent.js';
import type { HttpClient } from '../http/index.js';
import { proxyFor, proxyName, socketAgent } from '../proxy/index.js';
import type { RunningEngine } from './engine.js';
import type { ChannelTransportOptions } from './options.js';
import { socketUrlOf } from './socket-url.js';

/**
 * An engine for the store that `options` lead to, with a mirror and an HTTP client of its own; not connected yet.
 *
 * @param way how the server is reached, for socket and requests alike, where its url does not say it
 * @throws DustError `storage` when the cache's folder cannot be opened
 */
export async function openEngine(
  options: ChannelTransportOptions,
  way?: ServerWay<HttpClient>,
): Promise<RunningEngine> {
  const { store, token, prefixes, delivery, limits = {} } = options;
  const { heartbeatInterval, openTimeout, maxMessageBytes } = limits;
  const { clock = systemClock, logger = consoleLogger, random = Math.random } = options;
  const { deviceId = randomUUID(), socketUrl = socketUrlOf(options.url) } = options;
  const codec = options.serialization === 'messagepack' ? messagePackCodec : jsonCodec;
  const http = httpBeside(options, way);
  const storage = await openMirrorStorage(options.cache?.path);
  const engine = new SyncEngine({
    store,
    origin: way === undefined ? new URL(options.url).origin : undefined,
    linker: new PhoenixLinker({
      socketUrl,
      store,
      token,
      deviceId,
      codec,
      heartbeatInterval,
      openTimeout,
      maxPayload: maxMessageBytes,
      inbox: inboxOf(resolveLimits(limits)),
      proxy: way === undefined ? socketProxy(socketUrl) : undefined,
      agent: way && (() => new DialingAgent(way.dial)),
    }),
    reader: {
      getMany: async (paths, request) => {
        await http.connect();
        return http.getMany(paths, request);
      },
    },
    storage,
    deviceId,
    prefixes,
    delivery,
    limits,
    clock,
    logger,
    random,
  });
  const close = async (patience?: number): Promise<void> => {
    try {
      await engine.close(patience);
    } finally {
      await http.close();
    }
  };
  return { engine, deviceId, prefixes, close };
}

function socketProxy(socketUrl: string): SocketProxy | undefined {
  const proxy = proxyFor(socketUrl);
  if (proxy === undefined) return undefined;
  return { name: proxyName(proxy), agent: () => socketAgent(proxy) };
}

/** The functions that give tokens, each with a number of its own: those of one are one client's. */
const functionKeys = new WeakMap<() => unknown, number>();
let functionCount = 0;

function tokenKey(token: TokenSource): string | number {
  if (typeof token === 'string') return token;
  const known = functionKeys.get(token);
  if (known !== undefined) return known;
  functionKeys.set(token, ++functionCount);
  return functionCount;
}

/** The same for all options that lead to one store of one server with one token, or one function that gives it. Holds the token. */
export function storeKey({ url, store, token }: ChannelTransportOptions): string {
  return JSON.stringify([url, store, tokenKey(token)]);
}

/** The same for all options that lead to engines of the same kind, whatever they mirror. Holds the token. */
export function engineKey(options: ChannelTransportOptions): string {
  const { url, deviceId, serialization, delivery, cache, limits = {} } = options;
  const { socketUrl = socketUrlOf(url) } = options;
  const set = Object.entries(limits).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([storeKey(options), socketUrl, deviceId, serialization, delivery, cache?.path, set]);
}
