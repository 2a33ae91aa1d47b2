import type { Agent } from 'node:http';
import { systemClock } from '../../clock.js';
import type { Bound } from '../../protocol/requests/budget.js';
import type { FrameCodec } from '../../protocol/wire/frame-codec.js';
import { jsonCodec } from '../../protocol/wire/frame-codec.js';
import { CHANNEL_CAPABILITY_VERSION, topicOf } from '../../protocol/wire/frames.js';
import { DEFAULT_LIMITS, inboxOf } from '../limits.js';
import type { Link, LinkHandlers, Linker } from '../connection/link.js';
import type { TokenSource } from '../../token/index.js';
import { Tokens } from '../../token/index.js';
import { notPrepared } from './errors.js';
import type { Packages, Prepared } from './phoenix-connection.js';
import type { PhoenixLinkSettings } from './phoenix-link.js';
import { PhoenixLink } from './phoenix-link.js';

const HEARTBEAT_INTERVAL = 30_000;
const OPEN_TIMEOUT = 10_000;
/** A snapshot is one message, however large the store; a text of more than 512 MB is no JavaScript string. */
const MAX_PAYLOAD = 256 * 1024 * 1024;

/** A proxy that sockets go through. */
export interface SocketProxy {
  /** What it is called in messages. */
  readonly name: string;
  /** Makes what digs the tunnel of one socket. */
  readonly agent: () => Promise<Agent>;
}

/** How links reach a store. */
export interface PhoenixLinkerOptions {
  /** Where the socket is, such as `wss://dustlayer.io/ws/sync/websocket`. */
  readonly socketUrl: string;
  /** The store, `org/name`. */
  readonly store: string;
  /**
   * What the server knows the caller by, or a function that gives it, asked before each connection. Travels in the socket's
   * url; appears in no end, error or inspection.
   */
  readonly token: TokenSource;
  /** Who writes. */
  readonly deviceId: string;
  /** Default JSON. */
  readonly codec?: FrameCodec | undefined;
  /** Milliseconds between heartbeats; an unanswered one ends the link after as long again. Default 30,000. */
  readonly heartbeatInterval?: number | undefined;
  /** Milliseconds until the server must have accepted a socket. Default 10,000. */
  readonly openTimeout?: number | undefined;
  /** The longest message that is accepted, in bytes. Default 256 MiB. */
  readonly maxPayload?: number | undefined;
  /** What is kept of the server's messages before it answers the join. Default: 10,000 messages of 16 MiB. */
  readonly inbox?: Bound | undefined;
  /** The proxy that stands between here and the server. */
  readonly proxy?: SocketProxy | undefined;
  /** Makes what opens the connection of one socket, where the url does not say where to. */
  readonly agent?: (() => Agent) | undefined;
}

/** Opens links over WebSockets (PROTOCOL §4). Loads the packages for it with the first one. */
export class PhoenixLinker implements Linker {
  readonly #settings: PhoenixLinkSettings;
  readonly #tokens: Tokens;
  readonly #proxy: SocketProxy | undefined;
  readonly #agent: PhoenixLinkerOptions['agent'];
  #packages: Promise<Packages> | undefined;

  constructor(options: PhoenixLinkerOptions) {
    const { socketUrl, store, token, deviceId, codec = jsonCodec, proxy } = options;
    this.#tokens = new Tokens(token);
    this.#proxy = proxy;
    this.#agent = options.agent;
    this.#settings = {
      endPoint: socketUrl.replace(/(\/websocket)?\/*$/, ''),
      params: { device_id: deviceId, capver: String(CHANNEL_CAPABILITY_VERSION) },
      topic: topicOf(store),
      codec,
      heartbeatInterval: options.heartbeatInterval ?? HEARTBEAT_INTERVAL,
      openTimeout: options.openTimeout ?? OPEN_TIMEOUT,
      maxPayload: options.maxPayload ?? MAX_PAYLOAD,
      inbox: options.inbox ?? inboxOf(DEFAULT_LIMITS),
      proxyName: proxy?.name,
      scrub: this.#tokens.scrub,
    };
  }

  open(handlers: LinkHandlers): Link {
    return new PhoenixLink(within(this.#settings.openTimeout, this.#prepare()), this.#settings, handlers);
  }

  async #prepare(): Promise<Prepared> {
    this.#packages ??= loadPackages();
    const [packages, token, agent] = await Promise.all([
      this.#packages,
      this.#tokens.ask(),
      this.#proxy?.agent() ?? this.#agent?.(),
    ]);
    return { ...packages, token, agent };
  }
}

/** What `work` gives, unless it takes longer than so many milliseconds. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let stopTimer: (() => void) | undefined;
  const late = new Promise<never>((_, reject) => {
    stopTimer = systemClock.schedule(() => {
      reject(notPrepared(ms));
    }, ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    stopTimer?.();
  }
}

async function loadPackages(): Promise<Packages> {
  const [phoenix, ws] = await Promise.all([import('phoenix'), import('ws')]);
  return { phoenix, ws };
}
